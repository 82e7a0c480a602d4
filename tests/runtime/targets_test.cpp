// INLAY_ISA leaves instructions unused.
#include "runtime/cpu/simd/targets.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "inlay/error.h"
#include "runtime/cpu/patches/patches.h"
#include "runtime/cpu/winograd/winograd.h"

namespace inlay::testing {
namespace {

class Targets : public ::testing::Test {
 protected:
  ~Targets() override { ::unsetenv("INLAY_ISA"); }
};

TEST_F(Targets, EverythingIsAllowedWithoutASetting) {
  ::unsetenv("INLAY_ISA");
  EXPECT_TRUE(simd::avx512_allowed());
  ::setenv("INLAY_ISA", "avx512", 1);
  EXPECT_TRUE(simd::avx512_allowed());
}

TEST_F(Targets, Avx2LeavesBlocksOf16WithoutKernels) {
  ::setenv("INLAY_ISA", "avx2", 1);
  EXPECT_FALSE(simd::avx512_allowed());
  EXPECT_EQ(winograd::kernels(16, 4), nullptr);
  EXPECT_EQ(patches::kernels(16), nullptr);
  for (const int tile : {4, 6}) {
    ASSERT_NE(winograd::kernels(8, tile), nullptr);
    EXPECT_EQ(winograd::kernels(8, tile)->block, 8);
    EXPECT_EQ(winograd::kernels(8, tile)->points, (tile + 2) * (tile + 2));
  }
}

TEST_F(Targets, AnythingElseIsRefused) {
  ::setenv("INLAY_ISA", "sse", 1);
  try {
    simd::avx512_allowed();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "INLAY_ISA is 'sse'; expected avx2 or avx512");
  }
}

TEST_F(Targets, NoKernelsForPlainLayouts) { EXPECT_EQ(winograd::kernels(1, 4), nullptr); }

}  // namespace
}  // namespace inlay::testing
