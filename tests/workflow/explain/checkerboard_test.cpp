#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

/// The figure in row `row` of the table.
std::string figure(const Explanation& e, std::size_t row) { return e.parts.at(2).table.rows.at(row).at(4); }

TEST(ExplainCheckerboard, KernelsThatAreNoMultipleOfTheStrideOverlapUnevenly) {
  const Explanation e = explain("checkerboard");
  const Grid counts = grid_of(e, "transposed convolution");
  EXPECT_EQ(counts.rows, 13);
  EXPECT_EQ(counts.at(4, 4), 4);
  EXPECT_EQ(counts.at(4, 5), 2);
  EXPECT_EQ(counts.at(5, 5), 1);
  for (const double count : grid_of(e, "resize, then convolution").values) EXPECT_EQ(count, 9);
  EXPECT_EQ(figure(e, 0), "1.000");
  EXPECT_EQ(figure(e, 1), "0.000");
  EXPECT_THAT(e.text, HasSubstr("3 is no multiple of 2"));
  expect_all_hold(e);
}

TEST(ExplainCheckerboard, MultiplesOverlapEvenlyButMayStillPaintThePattern) {
  const Explanation e = explain("checkerboard", {{"kernel", "4"}, {"stride", "2"}});
  const Grid counts = grid_of(e, "transposed convolution");
  for (std::int64_t y = 3; y + 3 < counts.rows; ++y)
    for (std::int64_t x = 3; x + 3 < counts.columns; ++x) EXPECT_EQ(counts.at(y, x), 4);
  EXPECT_EQ(figure(e, 0), "0.000");
  EXPECT_EQ(figure(e, 2), "1.000") << "drawn weights";
  EXPECT_EQ(figure(e, 3), "0.000") << "drawn weights, resized first";
  EXPECT_THAT(e.text, HasSubstr("4 is a multiple of 2"));
}

TEST(ExplainCheckerboard, EveryKernelAndStrideThatIsAllowed) {
  for (const char* kernel : {"1", "2", "5", "8"})
    for (const char* stride : {"2", "3", "8"}) {
      const Explanation e = explain("checkerboard", {{"kernel", kernel}, {"stride", stride}, {"size", "4"}});
      EXPECT_EQ(figure(e, 1), "0.000") << kernel << "/" << stride;
      expect_all_hold(e);
    }
}

TEST(ExplainCheckerboard, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("checkerboard", {{"stride", "1"}}), HasSubstr("stride is 1, expected 2 to 8"));
  EXPECT_THAT(explain_error("checkerboard", {{"kernel", "9"}}), HasSubstr("kernel is 9, expected 1 to 8"));
  EXPECT_THAT(explain_error("checkerboard", {{"size", "3"}}), HasSubstr("size is 3, expected 4 to 32"));
}

TEST(ExplainCheckerboard, ItsPictureHoldsBothSideBySide) {
  const Image image = picture_of(explain("checkerboard"));
  EXPECT_EQ(image.channels(), 1);
  EXPECT_EQ(image.height(), 12 * 32 + 2 * 16);
  EXPECT_EQ(image.width(), 13 * 29 + 12 * 32 + 3 * 16);
  const auto pixel = [&](std::int64_t y, std::int64_t x) {
    return image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(y * image.width() + x)];
  };
  EXPECT_EQ(pixel(16, 16), 64) << "one product of four";
  EXPECT_EQ(pixel(15, 16), pixel(16, 16 + 13 * 29)) << "the frame";
  EXPECT_EQ(pixel(16, 16 + 13 * 29 + 16), 255);
}

}  // namespace
}  // namespace inlay::testing
