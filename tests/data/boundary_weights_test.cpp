#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "inlay/border_weights.h"

namespace inlay {
namespace {

constexpr BorderWeights kBoundaries{.w0 = 4, .sigma = 2, .kind = BorderWeights::Kind::boundaries};

Mask mask_of(std::int64_t height, std::int64_t width, const std::vector<std::uint8_t>& labels) {
  Mask mask{Tensor(DType::u8, {height, width})};
  std::ranges::copy(labels, mask.labels.data<std::uint8_t>().begin());
  return mask;
}

std::vector<float> weights_of(const Mask& mask, const BorderWeights& weights = kBoundaries) {
  const Tensor result = border_weights(mask, weights);
  const auto values = result.data<float>();
  return {values.begin(), values.end()};
}

float at_distance(double d) { return static_cast<float>(4 * std::exp(-d * d / 8)); }

TEST(BoundaryWeights, FallOffWithTheDistanceToBothSides) {
  const auto w = weights_of(mask_of(1, 7, {0, 0, 0, 1, 1, 1, 1}));
  const double distances[] = {2, 1, 0, 0, 1, 2, 3};
  for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(w[i], at_distance(distances[i]), 1e-6) << i;
}

TEST(BoundaryWeights, AreEuclidean) {
  std::vector<std::uint8_t> labels(25, 0);
  labels[0] = 2;  // a corner of another class: its edge neighbours are on the boundary too
  const auto w = weights_of(mask_of(5, 5, labels));
  EXPECT_NEAR(w[0], at_distance(0), 1e-6);
  EXPECT_NEAR(w[6], at_distance(1), 1e-6);                 // (1, 1), from (0, 1)
  EXPECT_NEAR(w[24], at_distance(std::sqrt(25.0)), 1e-6);  // (4, 4), from (1, 0) or (0, 1)
  EXPECT_NEAR(w[12], at_distance(std::sqrt(5.0)), 1e-6);
}

TEST(BoundaryWeights, IgnoredPixelsAreNoOtherClass) {
  for (const float w : weights_of(mask_of(1, 5, {0, 0, kIgnore, kIgnore, 0}))) EXPECT_EQ(w, 0);
  const auto w = weights_of(mask_of(1, 5, {1, 0, kIgnore, 1, 1}));
  EXPECT_NEAR(w[1], at_distance(0), 1e-6);
  EXPECT_NEAR(w[3], at_distance(2), 1e-6);  // from the first boundary, not from the ignored pixel
}

TEST(BoundaryWeights, AreNothingInAMaskOfOneClass) {
  for (const float w : weights_of(mask_of(3, 4, std::vector<std::uint8_t>(12, 1)))) EXPECT_EQ(w, 0);
  EXPECT_EQ(weights_of(mask_of(1, 1, {1})).at(0), 0);
}

TEST(BoundaryWeights, AddToTheClassWeights) {
  const Tensor result = pixel_weights(mask_of(1, 3, {0, 1, 1}), std::vector<float>{2, 3}, kBoundaries);
  EXPECT_NEAR(result.data<float>()[0], 2 + at_distance(0), 1e-6);
  EXPECT_NEAR(result.data<float>()[2], 3 + at_distance(1), 1e-6);
}

}  // namespace
}  // namespace inlay
