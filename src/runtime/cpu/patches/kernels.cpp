#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/patches/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include "runtime/cpu/patches/gradient-inl.h"
#include "runtime/cpu/patches/label-inl.h"
#include "runtime/cpu/patches/multiply-inl.h"
#include "runtime/cpu/simd/targets.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::patches::HWY_NAMESPACE {

/// The weights of a lane of a unit: one for each channel of y, this far from each other. Null where the lane is none.
struct Lane {
  Lane(const PackCall& call, std::int64_t unit, int lane) {
    const Sizes& s = call.sizes;
    const std::int64_t c = unit / s.k % s.x_blocks * kLanes + lane;
    const std::int64_t tap = unit / (s.k * s.x_blocks) * s.k + unit % s.k;
    if (c < call.c) weights = call.weights + c * s.taps() + tap;
    step = call.c * s.taps();
    count = call.m;
  }
  float operator[](std::int64_t m) const { return weights && m < count ? weights[m * step] : 0.0f; }

  const float* weights = nullptr;
  std::int64_t step, count;
};

void pack(const PackCall& call, std::int64_t begin, std::int64_t end) {
  const std::int64_t units = call.sizes.units(), blocks = call.sizes.y_blocks;
  const Panels panels = call.to_y ? Panels{units * kLanes, blocks} : Panels{blocks * kLanes, units};
  for (std::int64_t panel = begin; panel < end; ++panel) {
    float* to = call.packed + panels.at(panel);
    const std::int64_t first = panel * kPanel;
    const int width = panels.width(panel), row = width * kLanes;
    if (call.to_y) {
      for (std::int64_t input = 0; input < panels.inputs; ++input, to += row) {
        const Lane lane(call, input / kLanes, static_cast<int>(input % kLanes));
        for (int i = 0; i < row; ++i) to[i] = lane[first * kLanes + i];
      }
    } else {
      for (int i = 0; i < row; ++i) {
        const Lane lane(call, first + i / kLanes, i % kLanes);
        for (std::int64_t m = 0; m < panels.inputs; ++m) to[m * row + i] = lane[m];
      }
    }
  }
}

std::int64_t panels(std::int64_t outputs) { return Panels{0, outputs}.count(); }

constexpr Kernels kKernels{kLanes, pack, panels, multiply, label, gradient};

}  // namespace inlay::patches::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay::patches {

const Kernels* kernels(int block) {
#if HWY_TARGETS & HWY_AVX3
  if (block == 16 && simd::has(HWY_AVX3)) return &N_AVX3::kKernels;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (block == 8 && simd::has(HWY_AVX2)) return &N_AVX2::kKernels;
#endif
  return nullptr;
}

}  // namespace inlay::patches

#endif
