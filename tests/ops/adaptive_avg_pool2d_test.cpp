// Worked by hand with PyTorch's rule: bin i of n over H pixels is [floor(i H / n), ceil((i + 1) H / n)).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/ops.h"
#include "ops/adaptive_bins.h"
#include "runtime/reference/reference_run.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;

std::vector<double> pooled(const Shape& x, const std::vector<double>& numbers, Size2 size) {
  Graph graph;
  const Value y = adaptive_avg_pool2d(graph.input("x", {DType::f32, x}), {size});
  return reference_run(graph, {{"x", numbers}})[static_cast<std::size_t>(y.id())].data;
}

TEST(AdaptiveAvgPool2d, DividesEvenly) {
  EXPECT_THAT(pooled({1, 1, 1, 6}, {1, 3, 5, 7, 9, 11}, {1, 3}), ElementsAre(2, 6, 10));
  EXPECT_THAT(pooled({1, 2, 2, 2}, {1, 2, 3, 4, 10, 20, 30, 40}, 1), ElementsAre(2.5, 25));
}

TEST(AdaptiveAvgPool2d, SharesPixelsWhereItDoesNot) {
  // 5 to 3: pixels 0-1, 1-3, 3-4.
  EXPECT_THAT(pooled({1, 1, 1, 5}, {1, 2, 4, 6, 8}, {1, 3}), ElementsAre(1.5, 4, 7));
  // 7 to 4: pixels 0-1, 1-3, 3-5, 5-6.
  EXPECT_THAT(pooled({1, 1, 7, 1}, {1, 3, 5, 7, 9, 11, 13}, {4, 1}), ElementsAre(2, 5, 9, 12));
}

TEST(AdaptiveAvgPool2d, RepeatsPixelsWhenThereAreMoreBins) {
  // 2 to 3: pixel 0, both, pixel 1.
  EXPECT_THAT(pooled({1, 1, 1, 2}, {2, 6}, {1, 3}), ElementsAre(2, 4, 6));
  EXPECT_THAT(pooled({1, 1, 1, 1}, {5}, {2, 2}), ElementsAre(5, 5, 5, 5));
}

TEST(AdaptiveAvgPool2d, LeavesNoPixelOut) {
  for (std::int64_t extent = 1; extent <= 20; ++extent)
    for (std::int64_t bins = 1; bins <= 20; ++bins) {
      SCOPED_TRACE(::testing::Message() << extent << " pixels, " << bins << " bins");
      EXPECT_EQ(adaptive_bin(0, extent, bins).begin, 0);
      EXPECT_EQ(adaptive_bin(bins - 1, extent, bins).end, extent);
      for (std::int64_t i = 0; i < bins; ++i) {
        EXPECT_LT(adaptive_bin(i, extent, bins).begin, adaptive_bin(i, extent, bins).end);
        const std::int64_t reached = i == 0 ? 0 : adaptive_bin(i - 1, extent, bins).end;
        EXPECT_LE(adaptive_bin(i, extent, bins).begin, reached);
      }
    }
}

}  // namespace
}  // namespace inlay
