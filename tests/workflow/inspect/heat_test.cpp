#include "workflow/inspect/heat.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

namespace inlay {
namespace {

double brightness(const Color& color) { return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]; }

Color pixel(const Image& image, std::size_t at) {
  const auto pixels = image.pixels.data<std::uint8_t>();
  return {pixels[3 * at], pixels[3 * at + 1], pixels[3 * at + 2]};
}

TEST(HeatColor, GetsBrighterAllTheWay) {
  for (int i = 0; i < 40; ++i) EXPECT_LT(brightness(heat_color(i / 40.0)), brightness(heat_color((i + 1) / 40.0))) << i;
  EXPECT_EQ(heat_color(-3), heat_color(0));
  EXPECT_EQ(heat_color(7), heat_color(1));
}

TEST(HeatRange, LeavesOutAFewExtremes) {
  std::vector<float> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 0.0f);
  numbers[7] = 1e9f;
  numbers[9] = -1e9f;
  const HeatRange range = heat_range(numbers);
  EXPECT_NEAR(range.low, 4, 2);
  EXPECT_NEAR(range.high, 995, 2);
  EXPECT_EQ(heat_range(std::vector{2.0f, 1.0f}).low, 1.0f);
  EXPECT_EQ(heat_range(std::vector{2.0f, 1.0f}).high, 2.0f);
}

TEST(HeatMap, TakesWhatIsNotFiniteForTheLowest) {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector numbers{0.0f, 1.0f, std::nanf(""), inf};
  EXPECT_EQ(heat_range(numbers).high, 1.0f);
  const Image image = heat_map(numbers, 2, 2, heat_range(numbers));
  EXPECT_EQ(image.pixels.shape(), (Shape{2, 2, 3}));
  EXPECT_EQ(pixel(image, 0), heat_color(0));
  EXPECT_EQ(pixel(image, 1), heat_color(1));
  EXPECT_EQ(pixel(image, 2), heat_color(0));
  EXPECT_EQ(pixel(image, 3), heat_color(0));
}

TEST(HeatMap, CanRunBackwardsAndBeFlat) {
  const std::vector numbers{0.25f, 1.0f};
  EXPECT_EQ(pixel(heat_map(numbers, 1, 2, {1, 0}), 1), heat_color(0));
  EXPECT_EQ(pixel(heat_map(numbers, 1, 2, {1, 0}), 0), heat_color(0.75));
  EXPECT_EQ(pixel(heat_map(numbers, 1, 2, {3, 3}), 0), heat_color(0));
}

TEST(ClassHeat, ColoursWhatSpeaksForTheClassAndBlackensWhatSpeaksAgainst) {
  Image picture{Tensor(DType::u8, {1, 3, 1})};
  std::ranges::fill(picture.pixels.data<std::uint8_t>(), std::uint8_t{255});
  const Image heat = class_heat(picture, std::vector{1.0f, 0.0f, -1.0f}, {200, 0, 100});
  EXPECT_EQ(pixel(heat, 0), (Color{200, 0, 100}));
  EXPECT_EQ(pixel(heat, 1), (Color{102, 102, 102}));
  EXPECT_EQ(pixel(heat, 2), (Color{0, 0, 0}));
  EXPECT_EQ(pixel(class_heat(picture, std::vector{1.0f, 0.0f, 0.0f}, {0, 0, 0}), 0), (Color{225, 225, 225}));
}

}  // namespace
}  // namespace inlay
