#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/labels/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include "runtime/cpu/labels/most_likely-inl.h"
#include "runtime/cpu/simd/targets.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::labels::HWY_NAMESPACE {

constexpr Kernels kKernels{kLanes, most_likely};

}  // namespace inlay::labels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay::labels {

const Kernels* kernels(int block) {
#if HWY_TARGETS & HWY_AVX3
  if (block == 16 && simd::has(HWY_AVX3)) return &N_AVX3::kKernels;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (block == 8 && simd::has(HWY_AVX2)) return &N_AVX2::kKernels;
#endif
  return nullptr;
}

}  // namespace inlay::labels

#endif
