#include "inlay/border_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "base/rng.h"
#include "inlay/regions.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using testing::input_error;

Mask mask_of(std::int64_t height, std::int64_t width, std::initializer_list<std::uint8_t> labels) {
  return {Tensor::of<std::uint8_t>({height, width}, labels)};
}

float at(const Tensor& plane, std::int64_t y, std::int64_t x) {
  return plane.data<float>()[static_cast<std::size_t>(y * plane.shape()[1] + x)];
}

double term(double distance, const BorderWeights& w = {}) {
  return w.w0 * std::exp(-distance * distance / (2 * w.sigma * w.sigma));
}

auto near(double value) { return FloatNear(static_cast<float>(value), 1e-5f); }

TEST(BorderWeights, AcrossAGapTheDistancesAddUpToItsWidth) {
  const Tensor weights = border_weights(mask_of(1, 7, {1, 1, 0, 0, 0, 1, 0}), {});
  EXPECT_THAT(weights.data<float>(), ElementsAre(near(term(5)), near(term(4)), near(term(4)), near(term(4)),
                                                 near(term(4)), near(term(4)), near(term(6))));
}

TEST(BorderWeights, CellsOfOtherClassesCountAsWell) {
  EXPECT_THAT(border_weights(mask_of(1, 3, {1, 0, 2}), {}).data<float>(), Each(near(term(2))));
  EXPECT_THAT(border_weights(mask_of(1, 2, {1, 2}), {}).data<float>(), Each(near(term(1)))) << "cells that touch";
}

TEST(BorderWeights, MeasureAcrossThePlane) {
  Mask mask{Tensor(DType::u8, {9, 9})};
  mask.labels.data<std::uint8_t>()[0] = 1;          // (0, 0)
  mask.labels.data<std::uint8_t>()[3 * 9] = 1;      // (3, 0)
  mask.labels.data<std::uint8_t>()[8 * 9 + 8] = 1;  // (8, 8)
  const Tensor weights = border_weights(mask, {.w0 = 3, .sigma = 4});
  EXPECT_THAT(at(weights, 0, 4), near(term(4 + 5, {3, 4}))) << "a triangle of 3, 4, 5";
  EXPECT_THAT(at(weights, 5, 5), near(term(std::hypot(3, 3) + std::hypot(2, 5), {3, 4})));
}

TEST(BorderWeights, NeedTwoCells) {
  for (const Mask& mask : {mask_of(1, 4, {0, 0, 0, 0}), mask_of(1, 4, {0, 1, 1, 0}), mask_of(1, 4, {1, 1, 1, 1}),
                           mask_of(1, 4, {1, 255, 0, 255})})
    EXPECT_THAT(border_weights(mask, {}).data<float>(), Each(0.0f));
}

TEST(BorderWeights, AreNothingWithoutAWeight) {
  EXPECT_THAT(border_weights(mask_of(1, 3, {1, 0, 1}), {.w0 = 0}).data<float>(), Each(0.0f));
}

/// The same by comparing every pixel with every other.
Tensor brute_force(const Mask& mask, const BorderWeights& w) {
  const std::int64_t height = mask.height(), width = mask.width();
  const Tensor numbers = connected_regions(mask, Connectivity::edges, 0).numbers;
  const auto cells = numbers.data<std::int32_t>();
  Tensor result(DType::f32, {height, width});
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      std::map<std::int32_t, double> distances;
      for (std::int64_t i = 0; i < height * width; ++i) {
        const std::int32_t cell = cells[static_cast<std::size_t>(i)];
        if (cell == 0) continue;
        const double distance = std::hypot(i / width - y, i % width - x);
        const auto [entry, added] = distances.emplace(cell, distance);
        entry->second = std::min(entry->second, distance);
      }
      std::vector<double> sorted;
      for (const auto& [cell, distance] : distances) sorted.push_back(distance);
      std::ranges::sort(sorted);
      if (sorted.size() > 1)
        result.data<float>()[static_cast<std::size_t>(y * width + x)] =
            static_cast<float>(term(sorted[0] + sorted[1], w));
    }
  return result;
}

TEST(BorderWeights, AgreeWithBruteForce) {
  Rng rng(5);
  const std::vector<BorderWeights> choices{
      {}, {.w0 = 10, .sigma = 1}, {.w0 = 1000, .sigma = 8}, {.w0 = 0.5, .sigma = 3}};
  for (std::int64_t trial = 0; trial < 40; ++trial) {
    Mask mask{Tensor(DType::u8, {1 + rng.below(30), 1 + rng.below(30)})};
    const double filled = rng.uniform(0, trial % 2 == 0 ? 0.05 : 0.6);
    for (std::uint8_t& label : mask.labels.data<std::uint8_t>())
      if (rng.chance(filled)) label = rng.chance(0.1) ? kIgnore : static_cast<std::uint8_t>(1 + rng.below(2));
    const BorderWeights& weights = choices[static_cast<std::size_t>(trial) % choices.size()];
    const Tensor got = border_weights(mask, weights), expected = brute_force(mask, weights);
    for (std::int64_t i = 0; i < got.elements(); ++i) {
      const float value = got.data<float>()[static_cast<std::size_t>(i)];
      const float wanted = expected.data<float>()[static_cast<std::size_t>(i)];
      if (value == 0)
        ASSERT_LT(wanted, 1e-4f) << "left out in trial " << trial;
      else
        ASSERT_NEAR(value, wanted, 1e-6 * weights.w0) << "trial " << trial;
    }
  }
}

TEST(PixelWeights, AddTheClassWeight) {
  const Mask mask = mask_of(1, 5, {1, 0, 2, 255, 2});
  const double gap = term(2);
  EXPECT_THAT(pixel_weights(mask, {}, {}).data<float>(),
              ElementsAre(near(1 + gap), near(1 + gap), near(1 + gap), near(gap), near(1 + gap)));
  const std::vector<float> classes{0.5f, 2.0f, 4.0f};
  EXPECT_THAT(pixel_weights(mask, classes, {}).data<float>(),
              ElementsAre(near(2 + gap), near(0.5 + gap), near(4 + gap), near(gap), near(4 + gap)));
}

TEST(BorderWeights, RefuseSenselessNumbers) {
  const Mask mask = mask_of(1, 1, {0});
  EXPECT_EQ(input_error([&] { border_weights(mask, {.w0 = -1}); }),
            "border weight 'w0' is -1, expected a number of 0 or more");
  EXPECT_EQ(input_error([&] { border_weights(mask, {.sigma = 0}); }),
            "border weight 'sigma' is 0, expected above 0 and up to 1000");
  EXPECT_EQ(input_error([&] { border_weights(mask, {.sigma = 1001}); }),
            "border weight 'sigma' is 1001, expected above 0 and up to 1000");
}

}  // namespace
}  // namespace inlay
