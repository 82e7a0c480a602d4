#include "runtime/cpu/peak_loops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/peak_loops.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "runtime/cpu/simd/targets.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::peak::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// As many chains as hide the latency and fit in AVX2's registers.
std::int64_t multiply_add(std::int64_t rounds, float* result) {
  const hn::CappedTag<float, 16> tag;
  constexpr int kChains = 12;
  const auto factor = hn::Set(tag, 0.999f), term = hn::Set(tag, 0.001f);
  hn::Vec<decltype(tag)> sums[kChains];
#pragma GCC unroll 12
  for (int i = 0; i < kChains; ++i) sums[i] = hn::Set(tag, static_cast<float>(i));
  for (std::int64_t round = 0; round < rounds; ++round)
#pragma GCC unroll 12
    for (int i = 0; i < kChains; ++i) sums[i] = hn::MulAdd(sums[i], factor, term);
#pragma GCC unroll 12
  for (int i = 1; i < kChains; ++i) sums[0] = hn::Add(sums[0], sums[i]);
  *result = hn::GetLane(sums[0]);
  return rounds * kChains * static_cast<std::int64_t>(hn::Lanes(tag));
}

void copy(const float* HWY_RESTRICT from, float* HWY_RESTRICT to, std::int64_t count) {
  const hn::CappedTag<float, 16> tag;
  for (std::int64_t i = 0; i < count; i += static_cast<std::int64_t>(hn::Lanes(tag)))
    hn::Stream(hn::Load(tag, from + i), tag, to + i);
  hwy::FlushStream();
}

constexpr Loops kLoops{multiply_add, copy};

}  // namespace inlay::peak::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay::peak {

const Loops& loops() {
#if HWY_TARGETS & HWY_AVX3
  if (simd::has(HWY_AVX3)) return N_AVX3::kLoops;
#endif
  return HWY_STATIC_DISPATCH(kLoops);
}

}  // namespace inlay::peak

#endif
