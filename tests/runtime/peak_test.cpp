// The machine's peaks, and the least time that they allow.
#include "inlay/peak.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/threads.h"
#include "runtime/cpu/peak_loops.h"

namespace inlay::testing {
namespace {

TEST(Peak, IsMoreThanAnyoneComputesByAccident) {
  const ThreadScope threads(1);
  const Peak peak = measure_peak();
  EXPECT_GT(peak.multiply_adds_per_s, 1e8);
  EXPECT_LT(peak.multiply_adds_per_s, 1e12);
  EXPECT_GT(peak.bytes_per_s, 1e8);
  EXPECT_LT(peak.bytes_per_s, 1e13);
}

TEST(Peak, TheLoopsDoWhatTheyCount) {
  alignas(64) float from[64], to[64] = {};
  for (int i = 0; i < 64; ++i) from[i] = static_cast<float>(i);
  peak::loops().copy(from, to, 48);
  for (int i = 0; i < 64; ++i) EXPECT_EQ(to[i], i < 48 ? static_cast<float>(i) : 0.0f) << i;

  // Twelve chains x -> 0.999 x + 0.001 from 0, 1, ... 11; 1 is where they stay.
  float none = 0, many = 0;
  EXPECT_EQ(peak::loops().multiply_add(0, &none), 0);
  EXPECT_FLOAT_EQ(none, 66.0f);
  const std::int64_t count = peak::loops().multiply_add(100'000, &many);
  EXPECT_NEAR(many, 12.0f, 0.01f);
  EXPECT_THAT(count / 100'000, ::testing::AnyOf(12 * 4, 12 * 8, 12 * 16));
}

TEST(Peak, TheSlowerOfTheTwoSetsTheLeastTime) {
  const Peak peak{.multiply_adds_per_s = 100, .bytes_per_s = 10};
  EXPECT_DOUBLE_EQ(least_seconds(peak, 50, 1), 0.5);
  EXPECT_DOUBLE_EQ(least_seconds(peak, 50, 20), 2.0);
  EXPECT_DOUBLE_EQ(least_seconds(peak, 0, 0), 0.0);
}

}  // namespace
}  // namespace inlay::testing
