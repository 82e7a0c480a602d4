#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainSlidingWindow, BothWaysGiveTheSame) {
  const Explanation e = explain("sliding-window");
  EXPECT_EQ(text_of(grid_of(e, "window by window")), text_of(grid_of(e, "at once")));
  EXPECT_EQ(grid_of(e, "at once").rows, 4);
  expect_all_hold(e);
}

TEST(ExplainSlidingWindow, CountsMultiplyAdds) {
  // Windows of 5x5: 3x3 and 1x1 outputs of nine products. At once: 62x62 and 60x60.
  const ExplainTable table = explain("sliding-window", {{"size", "64"}, {"layers", "2"}}).parts.at(1).table;
  EXPECT_EQ(table.rows.at(0), (std::vector<std::string>{"window by window", "3,600", "90", "324,000"}));
  EXPECT_EQ(table.rows.at(1).back(), "66,996");
  EXPECT_THAT(explain("sliding-window", {{"size", "64"}, {"layers", "2"}}).text, HasSubstr("4.8 times fewer"));
}

TEST(ExplainSlidingWindow, DilationInPlaceOfTheStrideGivesEveryPixel) {
  for (const char* stride : {"1", "2", "3"}) {
    const Explanation e = explain("sliding-window", {{"stride", stride}, {"kernel", "2"}});
    EXPECT_EQ(text_of(grid_of(e, "window by window", "max-pooling")), text_of(grid_of(e, "at once, dilated")));
    expect_all_hold(e);
  }
  const Explanation e = explain("sliding-window");
  EXPECT_EQ(grid_of(e, "at once", "max-pooling").at(1, 0), grid_of(e, "at once, dilated").at(2, 0));
}

TEST(ExplainSlidingWindow, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("sliding-window", {{"size", "6"}}), HasSubstr("expected at least the window, 7x7"));
  EXPECT_THAT(explain_error("sliding-window", {{"size", "16385"}}), HasSubstr("at most 16384 a side"));
  EXPECT_THAT(explain_error("sliding-window", {{"layers", "0"}}), HasSubstr("layers is 0, expected 1 to 5"));
  EXPECT_THAT(explain_error("sliding-window", {{"kernel", "8"}}), HasSubstr("kernel is 8, expected 1 to 7"));
  EXPECT_THAT(explain_error("sliding-window", {{"stride", "5"}}), HasSubstr("stride is 5, expected 1 to 4"));
}

}  // namespace
}  // namespace inlay::testing
