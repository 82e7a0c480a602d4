#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

double iou(const Explanation& e, std::size_t row) { return std::stod(e.parts.at(3).table.rows.at(row).at(1)); }

TEST(ExplainSkip, TogetherThePathsFindMoreThanEachAlone) {
  for (const char* size : {"16", "32"})
    for (const char* seed : {"1", "2", "3"}) {
      const Explanation e = explain("skip", {{"size", size}, {"seed", seed}});
      EXPECT_GT(iou(e, 2), iou(e, 0)) << size << " " << seed;
      EXPECT_GT(iou(e, 2), iou(e, 1)) << size << " " << seed;
      EXPECT_EQ(iou(e, 2), iou(e, 3)) << "concat, then weights of 1";
      expect_all_hold(e);
    }
}

TEST(ExplainSkip, TheDeepPathBlursAndTheShallowOneDoesNot) {
  const Explanation e = explain("skip");
  const Grid picture = grid_of(e, "picture, with specks"), shallow = grid_of(e, "shallow"), deep = grid_of(e, "deep");
  for (std::size_t i = 0; i < picture.values.size(); ++i) EXPECT_EQ(shallow.values[i], picture.values[i] - 0.5);
  std::size_t between = 0;
  for (const double value : deep.values) between += std::abs(value) < 0.9;
  EXPECT_GT(between, deep.values.size() / 2);
  const ExplainTexts clean{{"specks", "0"}, {"stride", "1"}};
  for (std::size_t row = 0; row < 4; ++row) EXPECT_EQ(iou(explain("skip", clean), row), 1) << row;
}

TEST(ExplainSkip, SizesThatAreNoMultipleOfTheStride) {
  for (const char* stride : {"3", "8", "16"}) expect_all_hold(explain("skip", {{"stride", stride}}));
}

TEST(ExplainSkip, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("skip", {{"size", "7"}}), HasSubstr("size is 7, expected 8 to 32"));
  EXPECT_THAT(explain_error("skip", {{"stride", "17"}}), HasSubstr("stride is 17, expected 1 to 16"));
  EXPECT_THAT(explain_error("skip", {{"specks", "0.6"}}), HasSubstr("specks is 0.6, expected 0 to 0.5"));
}

}  // namespace
}  // namespace inlay::testing
