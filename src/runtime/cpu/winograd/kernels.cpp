#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/winograd/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include "runtime/cpu/simd/targets.h"
#include "runtime/cpu/winograd/pack-inl.h"
#include "runtime/cpu/winograd/weight_grad-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

template <int Tile>
constexpr Kernels kKernels{kLanes,
                           kPanel,
                           kPoints<Tile>,
                           kRows<1>,
                           pack<Tile>,
                           input_points_of<Tile>,
                           output_groups<Tile>,
                           gradient_tiles<Tile>,
                           gradient_products<Tile>,
                           gradient_weights<Tile>};

const Kernels* kernels_of(std::int64_t tile) { return tile == 4 ? &kKernels<4> : &kKernels<6>; }

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay::winograd {

const Kernels* kernels(int block, std::int64_t tile) {
#if HWY_TARGETS & HWY_AVX3
  if (block == 16 && simd::has(HWY_AVX3)) return N_AVX3::kernels_of(tile);
#endif
#if HWY_TARGETS & HWY_AVX2
  if (block == 8 && simd::has(HWY_AVX2)) return N_AVX2::kernels_of(tile);
#endif
  return nullptr;
}

}  // namespace inlay::winograd

#endif
