// INLAY_ISA leaves instructions unused.
#include "runtime/cpu/simd/targets.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "inlay/error.h"
#include "runtime/cpu/bf16x3/bf16x3.h"
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
  EXPECT_TRUE(simd::amx_allowed());
  ::setenv("INLAY_ISA", "amx", 1);
  EXPECT_TRUE(simd::avx512_allowed());
  EXPECT_TRUE(simd::amx_allowed());
}

TEST_F(Targets, Avx512LeavesMatrixUnitsUnused) {
  ::setenv("INLAY_ISA", "avx512", 1);
  EXPECT_TRUE(simd::avx512_allowed());
  EXPECT_FALSE(simd::amx_allowed());
  EXPECT_EQ(bf16x3::kernels(16), nullptr);
}

TEST_F(Targets, Avx2LeavesBlocksOf16WithoutKernels) {
  ::setenv("INLAY_ISA", "avx2", 1);
  EXPECT_FALSE(simd::avx512_allowed());
  EXPECT_FALSE(simd::amx_allowed());
  EXPECT_EQ(bf16x3::kernels(16), nullptr);
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
    EXPECT_STREQ(error.what(), "INLAY_ISA is 'sse'; expected avx2, avx512 or amx");
  }
}

TEST_F(Targets, NoKernelsForPlainLayouts) {
  EXPECT_EQ(winograd::kernels(1, 4), nullptr);
  EXPECT_EQ(bf16x3::kernels(1), nullptr);
  EXPECT_EQ(bf16x3::kernels(8), nullptr);
}

}  // namespace
}  // namespace inlay::testing
