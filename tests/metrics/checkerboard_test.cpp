#include "inlay/checkerboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <numbers>
#include <vector>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::message_of;

using Pixel = std::function<double(int y, int x)>;

std::vector<float> plane_of(int height, int width, const Pixel& pixel) {
  std::vector<float> plane;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) plane.push_back(static_cast<float>(pixel(y, x)));
  return plane;
}

double index_of(int height, int width, int stride, const Pixel& pixel) {
  return checkerboard(plane_of(height, width, pixel), height, width, stride);
}

/// A number in -1..1 that looks random.
double noise(int y, int x) {
  const double wave = std::sin(12.9898 * y + 78.233 * x + 1) * 43758.5453;
  return 2 * (wave - std::floor(wave)) - 1;
}

/// The definition, by the Fourier transform itself.
double by_fourier(const std::vector<float>& plane, int height, int width, int stride) {
  double at_stride = 0, all = 0;
  for (int u = 0; u < height; ++u)
    for (int v = 0; v < width; ++v) {
      if (u == 0 && v == 0) continue;
      std::complex<double> sum = 0;
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          sum += std::polar(static_cast<double>(plane[static_cast<std::size_t>(y * width + x)]),
                            -2 * std::numbers::pi * (1.0 * u * y / height + 1.0 * v * x / width));
      all += std::norm(sum);
      if (u % (height / stride) == 0 && v % (width / stride) == 0) at_stride += std::norm(sum);
    }
  return at_stride / all;
}

TEST(Checkerboard, IsAllThereIsInAPurePattern) {
  EXPECT_DOUBLE_EQ(index_of(8, 8, 2, [](int y, int x) { return (y + x) % 2; }), 1);
  EXPECT_DOUBLE_EQ(index_of(8, 8, 2, [](int, int x) { return x % 2; }), 1) << "stripes";
  EXPECT_DOUBLE_EQ(index_of(9, 6, 3, [](int y, int x) { return 100 + y % 3 * 10 + x % 3; }), 1);
  EXPECT_DOUBLE_EQ(index_of(8, 8, 4, [](int y, int x) { return (y + x) % 2; }), 1) << "a harmonic";
}

TEST(Checkerboard, IsNoneInAFlatPlaneAndInOtherPeriods) {
  EXPECT_EQ(index_of(7, 9, 2, [](int, int) { return 0.1; }), 0);
  EXPECT_EQ(index_of(6, 6, 3, [](int, int) { return 1e30; }), 0);
  EXPECT_NEAR(index_of(12, 12, 3, [](int y, int x) { return (y + x) % 2; }), 0, 1e-12);
  EXPECT_NEAR(index_of(16, 16, 2, [](int, int x) { return std::cos(std::numbers::pi * x / 8); }), 0, 1e-12);
}

TEST(Checkerboard, IsSmallInNoise) {
  const double index = index_of(64, 64, 2, noise);
  EXPECT_GT(index, 0);
  EXPECT_LT(index, 10 * 3.0 / (64 * 64 - 1));
}

TEST(Checkerboard, AddsUpByEnergy) {
  // Variance 1 of the pattern beside variance 1/2 of a slow wave.
  const Pixel mixed = [](int y, int x) {
    return ((y + x) % 2 == 0 ? 1.0 : -1.0) + std::cos(2 * std::numbers::pi * x / 16);
  };
  EXPECT_NEAR(index_of(16, 16, 2, mixed), 1 / 1.5, 1e-6);
}

TEST(Checkerboard, IsTheShareOfTheSpectrumThatItsDefinitionSays) {
  for (const auto& [height, width, stride] : {std::array{8, 8, 2}, {6, 12, 3}, {8, 12, 4}, {6, 4, 2}}) {
    const auto plane =
        plane_of(height, width, [](int y, int x) { return noise(y, x) + 0.3 * ((y + x) % 2) + y * 0.1; });
    EXPECT_NEAR(checkerboard(plane, height, width, stride), by_fourier(plane, height, width, stride), 1e-6)
        << height << "x" << width << " by " << stride;
  }
}

TEST(Checkerboard, ReadsWholePeriodsOnly) {
  const Pixel odd_edge = [](int y, int x) { return y == 8 || x == 8 ? 50.0 : (y + x) % 2; };
  EXPECT_DOUBLE_EQ(index_of(9, 9, 2, odd_edge), 1);
}

TEST(Checkerboard, RefusesWhatHasNoPattern) {
  const auto message = [](std::vector<float> plane, std::int64_t height, std::int64_t width, std::int64_t stride) {
    return message_of<InputError>([&] { checkerboard(plane, height, width, stride); });
  };
  EXPECT_THAT(message({1, 2, 3, 4}, 2, 2, 1), HasSubstr("at least 2 pixels, got 1"));
  EXPECT_THAT(message({1, 2, 3, 4}, 2, 2, 2), HasSubstr("two periods a side; this one is 2x2"));
  EXPECT_THAT(message({1, 2, 3, 4}, 0, 0, 2), HasSubstr("this one is 0x0"));
  EXPECT_THAT(message({1, 2, 3, 4}, 4, 4, 2), HasSubstr("4x4 pixels was announced, 4 were given"));
  std::vector<float> plane(16, 1.0f);
  plane[6] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(message(plane, 4, 4, 2), HasSubstr("pixel (1, 2) is nan"));
}

}  // namespace
}  // namespace inlay
