#include <gtest/gtest.h>

#include <cmath>

#include "data/warp.h"

namespace inlay {
namespace {

TEST(ElasticField, NoneMovesNothing) {
  const ElasticField::Offset offset = ElasticField().at(100, 200);
  EXPECT_EQ(offset.y, 0.0);
  EXPECT_EQ(offset.x, 0.0);
}

TEST(ElasticField, IsSmoothAndAsLargeAsItsSigma) {
  Rng rng(1);
  const ElasticField field(200, 300, 10.0, 25.0, rng);
  double squares = 0.0, steepest = 0.0;
  for (std::int64_t y = 0; y < 200; ++y)
    for (std::int64_t x = 0; x < 300; ++x) {
      const ElasticField::Offset offset = field.at(y, x);
      squares += offset.y * offset.y + offset.x * offset.x;
      if (x > 0) steepest = std::max(steepest, std::abs(offset.x - field.at(y, x - 1).x));
    }
  // The spline averages neighbours, which takes its standard deviation to about half of the points'.
  EXPECT_NEAR(std::sqrt(squares / (2 * 200 * 300)), 5.0, 1.2);
  EXPECT_LT(steepest, 1.0);
  EXPECT_GT(steepest, 0.1);
}

TEST(ElasticField, SigmaZeroMovesNothing) {
  Rng rng(1);
  const ElasticField field(40, 1, 0.0, 7.0, rng);
  for (std::int64_t y = 0; y < 40; ++y) EXPECT_EQ(field.at(y, 0).y, 0.0);
}

}  // namespace
}  // namespace inlay
