#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

TEST(ExplainDilated, StretchesTheKernel) {
  const Explanation e = explain("dilated");
  EXPECT_EQ(text_of(grid_of(e, "stretched kernel")), "1 0 4 0 1/0 0 0 0 0/1 0 4 0 3/0 0 0 0 0/3 0 3 0 1");
  EXPECT_EQ(grid_of(e, "output").rows, 3);
  expect_all_hold(e);
  expect_all_hold(explain("dilated", {{"size", "9x8"}, {"kernel", "2x3"}, {"dilation", "3x2"}, {"at", "5,3"}}));
}

TEST(ExplainDilated, TheFieldDoublesWithEachLayer) {
  const ExplainTable table = explain("dilated").parts[1].table;
  ASSERT_EQ(table.rows.size(), 5u);
  const char *plain[] = {"3", "5", "7", "9", "11"}, *doubled[] = {"3", "7", "15", "31", "63"};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(table.rows[i][2], plain[i]);
    EXPECT_EQ(table.rows[i][4], doubled[i]);
  }
}

TEST(ExplainDilated, AKernelOfOneIsNotStretched) {
  const Explanation e = explain("dilated", {{"kernel", "1"}});
  EXPECT_EQ(text_of(grid_of(e, "stretched kernel")), "1");
  expect_all_hold(e);
}

TEST(ExplainDilated, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("dilated", {{"dilation", "4"}}), ::testing::HasSubstr("smaller than the window of 9"));
}

}  // namespace
}  // namespace inlay::testing
