#include <gtest/gtest.h>

#include <cmath>

#include "data/augment/warp.h"

namespace inlay {
namespace {

TEST(ElasticField, NoneMovesNothing) { EXPECT_TRUE(ElasticField().empty()); }

TEST(ElasticField, IsSmoothAndAsLargeAsItsSigma) {
  Rng rng(1);
  const ElasticField field(200, 300, 10.0, 25.0, rng);
  double squares = 0.0, steepest = 0.0;
  std::vector<ElasticField::Offset> row;
  for (std::int64_t y = 0; y < 200; ++y) {
    field.row(y, row);
    ASSERT_EQ(row.size(), 300u);
    for (std::size_t x = 0; x < 300; ++x) {
      squares += static_cast<double>(row[x].y * row[x].y + row[x].x * row[x].x);
      if (x > 0) steepest = std::max(steepest, static_cast<double>(std::abs(row[x].x - row[x - 1].x)));
    }
  }
  // The spline averages neighbours, which takes its standard deviation to about half of the points'.
  EXPECT_NEAR(std::sqrt(squares / (2 * 200 * 300)), 5.0, 1.2);
  EXPECT_LT(steepest, 1.0);
  EXPECT_GT(steepest, 0.1);
}

TEST(ElasticField, SigmaZeroMovesNothing) {
  Rng rng(1);
  const ElasticField field(40, 1, 0.0, 7.0, rng);
  std::vector<ElasticField::Offset> row;
  for (std::int64_t y = 0; y < 40; ++y) {
    field.row(y, row);
    EXPECT_EQ(row[0].y, 0.0f);
  }
}

}  // namespace
}  // namespace inlay
