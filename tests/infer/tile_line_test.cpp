#include "infer/tile_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;

/// What the tiles' weights of each pixel add up to.
std::vector<double> sums_of(const TileLine& line, std::int64_t length) {
  std::vector<double> sums(static_cast<std::size_t>(length), 0.0);
  for (std::size_t i = 0; i < line.starts.size(); ++i)
    for (std::size_t x = 0; x < line.weights[i].size(); ++x)
      if (const std::size_t at = static_cast<std::size_t>(line.starts[i]) + x; at < sums.size())
        sums[at] += static_cast<double>(line.weights[i][x]);
  return sums;
}

TEST(TileLine, WithoutAWishThePictureIsReadWhole) {
  const TileLine line = line_of_tiles(33, {.multiple = 16}, {.pixels = 5, .align = 16}, {});
  EXPECT_EQ(line.side, 48);
  EXPECT_THAT(line.starts, ElementsAre(0));
}

TEST(TileLine, TilesOverlapByTwiceTheReachAndAreSpreadEvenly) {
  const TileLine line = line_of_tiles(100, {}, {.pixels = 4}, {.largest = 40});
  EXPECT_EQ(line.side, 40);
  EXPECT_EQ(line.overlap, 8);
  EXPECT_TRUE(line.exact);
  EXPECT_THAT(line.starts, ElementsAre(0, 30, 60));
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t x = 0; x < 40; ++x)
      EXPECT_EQ(line.weights[i][x] == 0, (i > 0 && x < 4) || (i < 2 && x >= 36)) << i << ", " << x;
}

TEST(TileLine, AWeightFallsOffFromTheMiddleAsAGaussianDoes) {
  const TileLine line = line_of_tiles(48, {}, {.everything = true}, {.largest = 32, .overlap = 16});
  EXPECT_THAT(line.starts, ElementsAre(0, 16));
  EXPECT_FALSE(line.exact);
  // Between the middles, at 15.5 and 31.5, with a deviation of 4.
  const double a = std::exp(-0.5 * (20 - 15.5) * (20 - 15.5) / 16), b = std::exp(-0.5 * (20 - 31.5) * (20 - 31.5) / 16);
  EXPECT_NEAR(line.weights[0][20], a / (a + b), 1e-6);
  EXPECT_NEAR(line.weights[1][4], b / (a + b), 1e-6);
  EXPECT_EQ(line.weights[0][3], 1.0f) << "of one tile alone";
}

TEST(TileLine, AnOverlapOfHalfATileAtMostUnlessAskedFor) {
  EXPECT_EQ(line_of_tiles(1000, {}, {.pixels = 300}, {.largest = 200}).overlap, 100);
  EXPECT_FALSE(line_of_tiles(1000, {}, {.pixels = 300}, {.largest = 200}).exact);
  EXPECT_EQ(line_of_tiles(1000, {}, {.pixels = 30}, {.largest = 200, .overlap = 150}).overlap, 150);
  EXPECT_TRUE(line_of_tiles(1000, {}, {.pixels = 30}, {.largest = 200, .overlap = 150}).exact);
  EXPECT_THAT(line_of_tiles(400, {}, {.pixels = 30}, {.largest = 200, .overlap = 0}).starts, ElementsAre(0, 200));
}

TEST(TileLine, CoversEveryPixelAndBeginsWherePoolingBegins) {
  for (const SizeRule& rule : {SizeRule{}, SizeRule{.multiple = 8}, SizeRule{.multiple = 16, .least = 32}})
    for (std::int64_t align : {1, 16})
      for (std::int64_t largest : {32, 50, 64, 97})
        for (std::int64_t length = 1; length < 400; length += 7) {
          const Reach reach{.pixels = 9, .align = std::lcm(align, rule.multiple)};
          const TileLine line = line_of_tiles(length, rule, reach, {.largest = largest});
          EXPECT_EQ(rule.fit(line.side), line.side);
          for (double sum : sums_of(line, length)) ASSERT_NEAR(sum, 1, 1e-6);
          for (std::size_t i = 0; i < line.starts.size(); ++i) {
            ASSERT_EQ(line.starts[i] % (line.exact ? reach.align : rule.multiple), 0);
            if (i == 0) continue;
            ASSERT_GE(line.starts[i - 1] + line.side - line.starts[i], line.overlap);
          }
          ASSERT_EQ(line.starts.back() + line.side, rule.fit(length)) << "the last ends where the picture does";
        }
}

TEST(TileLine, RefusesAnOverlapThatLeavesNoStep) {
  EXPECT_EQ(testing::input_error([] {
              line_of_tiles(100, {.multiple = 16}, {.pixels = 2, .align = 16}, {.largest = 64, .overlap = 50});
            }),
            "the tiles have 64 pixels a side and overlap by 50: nothing is left for steps of 16; expected an overlap "
            "of at most 48");
}

}  // namespace
}  // namespace inlay
