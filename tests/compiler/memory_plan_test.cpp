#include "compiler/memory_plan.h"

#include <gtest/gtest.h>

#include "base/rng.h"

namespace inlay {
namespace {

TEST(MemoryPlan, ReusesMemoryThatIsFree) {
  const std::vector<Lifetime> lifetimes{{1000, 0, 1}, {1000, 1, 2}, {1000, 2, 3}};
  const MemoryPlan plan = plan_memory(lifetimes);
  EXPECT_EQ(plan.bytes, 2048u);
  EXPECT_EQ(plan.offsets[0], plan.offsets[2]);
  EXPECT_NE(plan.offsets[0], plan.offsets[1]);
}

TEST(MemoryPlan, TakesTheSmallestGapThatFits) {
  // Three long-lived buffers with gaps of 256 and 128 bytes between them at step 1.
  const std::vector<Lifetime> lifetimes{{1024, 0, 2}, {256, 0, 0},  {1024, 0, 2},
                                        {128, 0, 0},  {1024, 0, 2}, {128, 1, 1}};
  const MemoryPlan plan = plan_memory(lifetimes);
  EXPECT_EQ(plan.bytes, 3u * 1024 + 256 + 128);
}

TEST(MemoryPlan, NothingThatLivesTogetherOverlaps) {
  Rng rng(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<Lifetime> lifetimes;
    for (int i = 0; i < 60; ++i) {
      const int first = static_cast<int>(rng.below(40));
      lifetimes.push_back({static_cast<std::size_t>(rng.below(5000)), first, first + static_cast<int>(rng.below(10))});
    }
    const MemoryPlan plan = plan_memory(lifetimes);
    for (std::size_t i = 0; i < lifetimes.size(); ++i) {
      EXPECT_EQ(plan.offsets[i] % 64, 0u);
      EXPECT_LE(plan.offsets[i] + lifetimes[i].bytes, plan.bytes);
      for (std::size_t k = 0; k < i; ++k) {
        const Lifetime &a = lifetimes[i], &b = lifetimes[k];
        if (a.first > b.last || b.first > a.last || a.bytes == 0 || b.bytes == 0) continue;
        EXPECT_TRUE(plan.offsets[i] >= plan.offsets[k] + b.bytes || plan.offsets[k] >= plan.offsets[i] + a.bytes);
      }
    }
  }
}

TEST(MemoryPlan, NothingToPlan) { EXPECT_EQ(plan_memory({}).bytes, 0u); }

}  // namespace
}  // namespace inlay
