#include "workflow/inspect/feature_sheet.h"

#include <gtest/gtest.h>

#include "workflow/inspect/heat.h"

namespace inlay {
namespace {

/// Channel c has zeros and one number `peaks[c]`.
Tensor maps(const std::vector<float>& peaks, std::int64_t height, std::int64_t width) {
  Tensor tensor(DType::f32, {static_cast<std::int64_t>(peaks.size()), height, width});
  for (std::size_t c = 0; c < peaks.size(); ++c)
    tensor.data<float>()[c * static_cast<std::size_t>(height * width)] = peaks[c];
  return tensor;
}

TEST(StrongestChannels, AreThoseThatVary) {
  const auto channels = strongest_channels(maps({1, 0, -5, 3}, 2, 2), 3);
  ASSERT_EQ(channels.size(), 3u);
  EXPECT_EQ(channels[0].index, 2);
  EXPECT_EQ(channels[1].index, 3);
  EXPECT_EQ(channels[2].index, 0);
  EXPECT_DOUBLE_EQ(channels[2].variance, 0.25 * 0.75);
  EXPECT_EQ(strongest_channels(maps({1, 2}, 2, 2), 16).size(), 2u);
}

TEST(StrongestChannels, KeepTheirOrderWhereTheyAreEqual) {
  const auto channels = strongest_channels(maps({1, 1, 1}, 1, 2), 2);
  EXPECT_EQ(channels[0].index, 0);
  EXPECT_EQ(channels[1].index, 1);
}

Color pixel(const Image& image, std::int64_t y, std::int64_t x) {
  const auto* at = image.pixels.data<std::uint8_t>().data() + (y * image.width() + x) * 3;
  return {at[0], at[1], at[2]};
}

TEST(FeatureSheet, ShowsSmallMapsWithSquarePixels) {
  const Tensor two = maps({1, 2}, 2, 4);  // 32 times as large
  const Image sheet = feature_sheet(two, {{1, 0}, {0, 0}});
  EXPECT_EQ(sheet.pixels.shape(), (Shape{64, 128 + 4 + 128, 3}));
  EXPECT_EQ(pixel(sheet, 31, 31), heat_color(1));
  EXPECT_EQ(pixel(sheet, 32, 31), heat_color(0));
  EXPECT_EQ(pixel(sheet, 31, 32), heat_color(0));
  EXPECT_EQ(pixel(sheet, 0, 132), heat_color(1)) << "each map over its own range";
  EXPECT_EQ(pixel(sheet, 0, 129), (Color{112, 112, 112}));
}

TEST(FeatureSheet, HasEightColumns) {
  EXPECT_EQ(sheet_columns(3), 3);
  EXPECT_EQ(sheet_columns(20), 8);
  const Tensor many = maps(std::vector<float>(9, 1.0f), 1, 1);
  EXPECT_EQ(feature_sheet(many, strongest_channels(many, 9)).pixels.shape(), (Shape{2 * 132 - 4, 8 * 132 - 4, 3}));
}

TEST(FeatureSheet, ScalesLargeMapsDown) {
  const Tensor one = maps({1}, 1000, 300);
  EXPECT_EQ(feature_sheet(one, {{0, 0}}).pixels.shape(), (Shape{128, 38, 3}));
  const Tensor thin = maps({1}, 1, 5000);
  EXPECT_EQ(feature_sheet(thin, {{0, 0}}).pixels.shape(), (Shape{1, 128, 3}));
}

}  // namespace
}  // namespace inlay
