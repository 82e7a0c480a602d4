#include "base/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

namespace inlay {
namespace {

TEST(Rng, MixBitsIsSplitMix64) {
  // The first output of the public-domain reference splitmix64.c for the seeds 0 and 1234567.
  EXPECT_EQ(mix_bits(0), 0xe220a8397b1dcdafu);
  EXPECT_EQ(mix_bits(1234567), 6457827717110365317u);
}

TEST(Rng, KeysGiveDifferentStreams) {
  std::set<std::uint64_t> keys;
  for (std::uint64_t seed = 0; seed < 30; ++seed)
    for (std::uint64_t stream = 0; stream < 30; ++stream) keys.insert(mix_keys(seed, stream));
  EXPECT_EQ(keys.size(), 900u);
}

TEST(Rng, SkipsAsIfDrawn) {
  Rng drawn(3), skipped(3);
  for (int i = 0; i < 5; ++i) drawn.normal();
  drawn.uniform();
  skipped.skip(11);
  EXPECT_EQ(skipped.next(), drawn.next());
}

TEST(Rng, UniformAtCoversTheUnitInterval) {
  double sum = 0.0;
  float least = 1.0f, most = 0.0f;
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const float u = uniform_at(7, i);
    sum += static_cast<double>(u);
    least = std::min(least, u);
    most = std::max(most, u);
  }
  EXPECT_GE(least, 0.0f);
  EXPECT_LT(most, 1.0f);
  EXPECT_LT(least, 0.001f);
  EXPECT_GT(most, 0.999f);
  EXPECT_NEAR(sum / 20000, 0.5, 0.01);
}

TEST(Rng, SameSeedSameNumbers) {
  Rng a(3), b(3);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_EQ(a.uniform(), b.uniform());
  EXPECT_EQ(a.normal(), b.normal());
  EXPECT_NE(Rng(3).next(), Rng(4).next());
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(5);
  double sum = 0.0, squares = 0.0;
  constexpr int kCount = 40000;
  for (int i = 0; i < kCount; ++i) {
    const double x = rng.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 0.02);
  EXPECT_NEAR(squares / kCount, 1.0, 0.03);
}

TEST(Rng, RangesAndChances) {
  Rng rng(6);
  std::set<std::int64_t> seen;
  int hits = 0;
  for (int i = 0; i < 3000; ++i) {
    seen.insert(rng.below(5));
    const double u = rng.uniform(-2.0, 3.0);
    ASSERT_TRUE(u >= -2.0 && u < 3.0);
    hits += rng.chance(0.25);
    ASSERT_FALSE(rng.chance(0.0));
    ASSERT_TRUE(rng.chance(1.0));
  }
  EXPECT_EQ(seen, (std::set<std::int64_t>{0, 1, 2, 3, 4}));
  EXPECT_NEAR(hits / 3000.0, 0.25, 0.03);
}

TEST(Rng, ShuffleKeepsTheElementsAndReachesEveryOrder) {
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    std::vector<int> order{0, 1, 2};
    Rng rng(seed);
    shuffle(order, rng);
    orders.insert(order);
    std::ranges::sort(order);
    ASSERT_EQ(order, (std::vector<int>{0, 1, 2}));
  }
  EXPECT_EQ(orders.size(), 6u);
}

}  // namespace
}  // namespace inlay
