#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainMaxPool, IsTheLecturesExample) {
  const Explanation e = explain("max-pool");
  EXPECT_EQ(text_of(grid_of(e, "input")), "1 2 6 3/3 5 2 1/1 2 2 1/7 3 4 8");
  EXPECT_EQ(text_of(grid_of(e, "largest")), "5 6/7 8");
  EXPECT_EQ(text_of(grid_of(e, "positions")), "5 2/12 15");
  EXPECT_EQ(text_of(grid_of(e, "Sᵀ · largest")), "0 0 6 0/0 5 0 0/0 0 0 0/7 0 0 8");
  expect_all_hold(e);
}

TEST(ExplainMaxPool, WindowsMayOverlapAndHavePadding) {
  const Explanation e =
      explain("max-pool", {{"input", "1 2 3; 4 9 6; 7 8 5"}, {"kernel", "3"}, {"stride", "1"}, {"padding", "1"}});
  EXPECT_EQ(text_of(grid_of(e, "largest")), "9 9 9/9 9 9/9 9 9");
  EXPECT_EQ(grid_of(e, "Sᵀ · largest").at(1, 1), 81) << "values that meet add up";
  expect_all_hold(e);
}

TEST(ExplainMaxPool, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("max-pool", {{"kernel", "5"}}), HasSubstr("smaller than the window of 5"));
  EXPECT_THAT(explain_error("max-pool", {{"padding", "2"}}), HasSubstr("smaller than the window of 2"));
  EXPECT_THAT(explain_error("max-pool", {{"stride", "-1"}}), HasSubstr("stride is -1x-1"));
}

TEST(ExplainMaxPool, ThePageKnowsTheWholeWindowAndItsWinner) {
  const ExplainVariant v = explain("max-pool", {}, true).playground.variants.at(0);  // size 4, kernel 2, stride 0
  EXPECT_TRUE(v.largest);
  ASSERT_EQ(v.links.size(), 4u);
  ASSERT_EQ(v.links[0].size(), 4u);
  const std::int64_t window[] = {0, 1, 4, 5};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(v.links[0][i].input, window[i]);
    EXPECT_EQ(v.links[0][i].weight, i == 3 ? 1 : 0);
  }
}

TEST(ExplainMaxUnpool, IsTheLecturesExample) {
  const Explanation e = explain("max-unpool");
  EXPECT_EQ(text_of(grid_of(e, "values")), "1 2/3 4");
  EXPECT_EQ(text_of(grid_of(e, "output")), "0 0 2 0/0 1 0 0/0 0 0 0/3 0 0 4");
  EXPECT_EQ(grid_of(e, "Sᵀ").at(5, 0), 1);
  expect_all_hold(e);
}

TEST(ExplainMaxUnpool, TakesValuesAndWindows) {
  EXPECT_EQ(text_of(grid_of(explain("max-unpool", {{"values", "9 8; 7 6"}}), "output")),
            "0 0 8 0/0 9 0 0/0 0 0 0/7 0 0 6");
  const Explanation e = explain("max-unpool", {{"kernel", "3"}, {"stride", "1"}});
  EXPECT_EQ(text_of(grid_of(e, "output")), "0 0 3 0/0 0 0 0/0 0 0 0/3 0 0 4") << "1 and 2 meet at the 6";
  expect_all_hold(e);
  EXPECT_THAT(explain_error("max-unpool", {{"values", "1 2 3"}}),
              HasSubstr("values has 1x3 numbers, but the pooling leaves 2x2"));
}

}  // namespace
}  // namespace inlay::testing
