// The problem that is timed in place of another, and which ones Winograd leaves to others.
#include <gtest/gtest.h>

#include "runtime/cpu/conv/algorithm.h"

namespace inlay::testing {
namespace {

ConvProblem problem(Shape x, Shape weight, Size2 stride, Padding padding) {
  return {.geometry = conv_geometry({DType::f32, x}, {DType::f32, weight}, stride, padding, 1, 1)};
}

TEST(ConvToTime, KeepsPowersOfTwo) {
  const ConvProblem p = problem({1, 64, 256, 256}, {64, 64, 3, 3}, 1, 1);
  EXPECT_EQ(p.to_time().describe(), p.describe());
}

TEST(ConvToTime, IsBounded) {
  const ConvGeometry g = problem({7, 16, 3000, 5001}, {16, 16, 3, 3}, 1, 1).to_time().geometry;
  EXPECT_EQ(g.n, 1);
  EXPECT_EQ(g.oh, 256);
  EXPECT_EQ(g.ow, 256);
  EXPECT_EQ(g.c, 16);
}

TEST(ConvToTime, NeighbouringSizesShareWhatIsLearnt) {
  EXPECT_EQ(problem({1, 8, 500, 375}, {8, 8, 3, 3}, 1, 1).to_time().describe(),
            problem({1, 8, 480, 333}, {8, 8, 3, 3}, 1, 1).to_time().describe());
}

TEST(ConvToTime, WhatCostsTimeBehindTheConvolutionIsTimedToo) {
  const ConvProblem plain = problem({1, 64, 256, 256}, {64, 64, 3, 3}, 1, 1);
  ConvProblem other = plain;
  other.activation = Activation::relu;
  EXPECT_EQ(other.to_time().describe(), plain.describe()) << "free";
  other.add = true;
  EXPECT_EQ(other.to_time().describe(), plain.describe() + " add");
  other.activation = Activation::prelu;
  EXPECT_EQ(other.to_time().describe(), plain.describe() + " add prelu");
}

TEST(ConvToTime, SizesOfInputAndOutputFit) {
  for (const std::int64_t size : {1, 2, 3, 47, 100, 1025})
    for (const std::int64_t kernel : {1, 2, 3})
      for (const std::int64_t stride : {1, 2, 3})
        for (const std::int64_t padding : {0, 1, 4}) {
          if (size + 2 * padding < kernel) continue;
          const ConvGeometry g =
              problem({3, 4, size, size + 1}, {4, 4, kernel, kernel}, stride, padding).to_time().geometry;
          ASSERT_GE(g.h, 1);
          EXPECT_EQ(conv_output_size("height", g.h, padding, padding, kernel, 1, stride), g.oh);
          EXPECT_EQ(conv_output_size("width", g.w, padding, padding, kernel, 1, stride), g.ow);
        }
}

TEST(ConvToTime, WhatIsUpSampledHasEvenSides) {
  ConvProblem p = problem({2, 8, 48, 6}, {8, 8, 4, 4}, 1, {1, 1, 1, 1});
  p.up_sampled = {0};
  p.up_sampling = Interpolation::bilinear;
  EXPECT_EQ(p.to_time().describe(), p.describe()) << "64 of 48 rows of y would need 65 of x";
  EXPECT_EQ(p.describe(), problem({2, 8, 48, 6}, {8, 8, 4, 4}, 1, 1).describe() + " bilinear up_sampled 0");
  p = problem({2, 8, 48, 6}, {8, 8, 3, 3}, 1, 1);
  p.up_sampled = {0};
  EXPECT_EQ(p.to_time().geometry.h, 64);
}

TEST(WinogradCandidates, AFewTilesDoNotPayForGigabytesOfPackedWeights) {
  const auto offered = [](std::int64_t outputs, std::int64_t size, ConvDirection direction = ConvDirection::forward) {
    ConvProblem p = problem({1, 512, size, size}, {outputs, 512, 7, 7}, 1, 3);
    p.direction = direction;
    p.x_block = p.y_block = 8;
    return !winograd_candidates(p).empty();
  };
  EXPECT_FALSE(offered(4096, 16)) << "16 tiles, 2.7 GB: fcn8s at 500x500";
  EXPECT_FALSE(offered(4096, 16, ConvDirection::backward_data));
  EXPECT_TRUE(offered(4096, 16, ConvDirection::backward_weights)) << "packs no weights";
  EXPECT_TRUE(offered(4096, 32)) << "64 tiles";
  EXPECT_TRUE(offered(1024, 16)) << "0.7 GB";
}

}  // namespace
}  // namespace inlay::testing
