#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainNearest, IsTheLecturesExample) {
  const Explanation e = explain("nearest");
  EXPECT_EQ(text_of(grid_of(e, "output")), "1 1 2 2/1 1 2 2/3 3 4 4/3 3 4 4");
  EXPECT_EQ(text_of(grid_of(e, "Aᵀ · output")), "4 8/12 16");
  expect_all_hold(e);
}

TEST(ExplainBilinear, IsTheLecturesExample) {
  const Explanation e = explain("bilinear");
  EXPECT_EQ(text_of(grid_of(e, "output")), "1 1.25 1.75 2/1.5 1.75 2.25 2.5/2.5 2.75 3.25 3.5/3 3.25 3.75 4");
  EXPECT_EQ(e.parts[0].below, "output (1, 1) = 1·0.5625 + 2·0.1875 + 3·0.1875 + 4·0.0625 = 1.75");
  EXPECT_THAT(to_text(e), HasSubstr("  1 2    →  1.00 1.25 1.75 2.00\n"
                                    "  3 4       1.50 1.75 2.25 2.50\n"
                                    "            2.50 2.75 3.25 3.50\n"
                                    "            3.00 3.25 3.75 4.00\n"));
  expect_all_hold(e);
}

TEST(ExplainBilinear, CoordinatesAndScale) {
  EXPECT_EQ(text_of(grid_of(explain("bilinear", {{"coordinates", "align_corners"}, {"scale", "1.5"}}), "output")),
            "1 1.5 2/2 2.5 3/3 3.5 4");
  EXPECT_EQ(text_of(grid_of(explain("nearest", {{"scale", "1x3"}}), "output")), "1 1 1 2 2 2/3 3 3 4 4 4");
  EXPECT_EQ(text_of(grid_of(explain("bilinear", {{"coordinates", "asymmetric"}, {"input", "0 4"}}), "output")),
            "0 2 4 4/0 2 4 4");
  EXPECT_THAT(explain_error("bilinear", {{"coordinates", "middle"}}),
              HasSubstr("expected one of half_pixel, align_corners, asymmetric"));
}

TEST(ExplainBicubic, WeightsSumToOneAndOvershoot) {
  const Explanation e = explain("bicubic");
  const Grid matrix = grid_of(e, "A");
  double least = 0;
  for (std::int64_t row = 0; row < matrix.rows; ++row) {
    double sum = 0;
    for (std::int64_t column = 0; column < matrix.columns; ++column) {
      sum += matrix.at(row, column);
      least = std::min(least, matrix.at(row, column));
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
  EXPECT_LT(least, -0.05);
  EXPECT_THAT(e.parts[0].below, HasSubstr("6·(-0.093)"));
  expect_all_hold(e);
  // Keys' curve at a quarter: w(1.25) = a (1.25^3 - 5 1.25^2 + 8 1.25 - 4).
  const ExplainTexts line{{"input", "0 0 0 1 0 0 0"}, {"cubic-coefficient", "-0.5"}, {"scale", "1x2"}, {"at", "0,4"}};
  EXPECT_NEAR(grid_of(explain("bicubic", line), "output").at(0, 4), -0.5 * (1.953125 - 7.8125 + 10 - 4), 1e-12);
}

TEST(ExplainResize, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("nearest", {{"scale", "0"}}), HasSubstr("expected either a scale or a size"));
  EXPECT_THAT(explain_error("bilinear", {{"scale", "90"}}), HasSubstr("32400 x 4, too large to be shown"));
  EXPECT_THAT(explain_error("bilinear", {{"scale", "100000"}}), HasSubstr("200000x200000 pixels, too many"));
  EXPECT_THAT(explain_error("bicubic", {{"scale", "big"}}), HasSubstr("scale: 'big' is no factor"));
}

TEST(ExplainBedOfNails, IsTheLecturesExample) {
  const Explanation e = explain("bed-of-nails");
  EXPECT_EQ(text_of(grid_of(e, "output")), "1 0 2 0/0 0 0 0/3 0 4 0/0 0 0 0");
  EXPECT_EQ(text_of(grid_of(e, "Aᵀ · output")), "1 2/3 4");
  EXPECT_EQ(text_of(grid_of(explain("bed-of-nails", {{"stride", "1x3"}, {"input", "5 7"}}), "output")), "5 0 0 7 0 0");
  EXPECT_EQ(explain("bed-of-nails", {{"at", "1,1"}}).parts[0].below, "output (1, 1) = 0");
  expect_all_hold(e);
  EXPECT_THAT(explain_error("bed-of-nails", {{"stride", "0"}}), HasSubstr("stride is 0x0, expected >= 1"));
}

}  // namespace
}  // namespace inlay::testing
