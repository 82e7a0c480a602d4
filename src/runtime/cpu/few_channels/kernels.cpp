#include "runtime/cpu/few_channels/few_channels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/few_channels/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include "runtime/cpu/simd/products-inl.h"
#include "runtime/cpu/simd/targets.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::few_channels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using simd::HWY_NAMESPACE::kLanes;
using simd::HWY_NAMESPACE::kPanel;
using simd::HWY_NAMESPACE::kRows;
using simd::HWY_NAMESPACE::Tag;
using simd::HWY_NAMESPACE::Vector;
using simd::HWY_NAMESPACE::with_vectors;

/// R pixels from `first` on. Step 0: what the call says.
template <int R, int N, int Step>
HWY_INLINE void forward_pixels(const ForwardCall& call, std::int64_t first) {
  const Tag tag;
  const std::ptrdiff_t step = Step > 0 ? Step : call.pixels.step;
  const float* window = call.pixels.window + first * step;
  const float* packed = call.packed;
  Vector sums[R][N];
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) sums[r][v] = hn::Zero(tag);
  for (const std::ptrdiff_t tap : call.pixels.taps) {
    Vector weights[N];
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) weights[v] = hn::Load(tag, packed + v * kLanes);
    packed += N * kLanes;
#pragma GCC unroll 32
    for (int r = 0; r < R; ++r) {
      const Vector value = hn::Set(tag, window[tap + r * step]);
#pragma GCC unroll 8
      for (int v = 0; v < N; ++v) sums[r][v] = hn::MulAdd(value, weights[v], sums[r][v]);
    }
  }
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) hn::Store(sums[r][v], tag, call.results + v * call.result_block + (first + r) * kLanes);
}

void forward(const ForwardCall& call) {
  with_vectors(call.blocks, [&call]<int N>() HWY_ATTR {
    constexpr int R = kRows<N>;
    static_assert(R <= kSlack);
    for (std::int64_t first = 0; first < call.pixels.count; first += R) switch (call.pixels.step) {
        case 1:
          forward_pixels<R, N, 1>(call, first);
          break;
        case 2:
          forward_pixels<R, N, 2>(call, first);
          break;
        default:
          forward_pixels<R, N, 0>(call, first);
      }
  });
}

/// R taps from `tap` on, N channel blocks from `block` on.
template <int R, int N>
HWY_INLINE void gradient_taps(const GradientCall& call, std::size_t tap, std::int64_t block) {
  const Tag tag;
  const float* dy = call.dy + block * call.dy_block;
  const float* x[R];
  Vector sums[R][N];
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r) {
    x[r] = call.pixels.window + call.pixels.taps[tap + static_cast<std::size_t>(r)];
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) sums[r][v] = hn::Zero(tag);
  }
  for (std::int64_t i = 0; i < call.pixels.count; ++i) {
    Vector of_pixel[N];
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) of_pixel[v] = hn::Load(tag, dy + v * call.dy_block + i * kLanes);
#pragma GCC unroll 32
    for (int r = 0; r < R; ++r) {
      const Vector value = hn::Set(tag, x[r][i * call.pixels.step]);
#pragma GCC unroll 8
      for (int v = 0; v < N; ++v) sums[r][v] = hn::MulAdd(value, of_pixel[v], sums[r][v]);
    }
  }
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) {
      float* sum = call.sums + (static_cast<std::ptrdiff_t>(tap) + r) * call.sums_row + (block + v) * kLanes;
      hn::Store(hn::Add(hn::Load(tag, sum), sums[r][v]), tag, sum);
    }
}

void gradient(const GradientCall& call) {
  const std::size_t taps = call.pixels.taps.size();
  for (std::int64_t block = 0; block < call.blocks; block += kPanel)
    with_vectors(static_cast<int>(std::min<std::int64_t>(kPanel, call.blocks - block)), [&]<int N>() HWY_ATTR {
      // Kernels of 3x3 are 9 taps a channel.
      constexpr int kMany = kRows<N> >= 9 ? 9 : 6;
      std::size_t tap = 0;
      for (; tap + kMany <= taps; tap += kMany) gradient_taps<kMany, N>(call, tap, block);
      for (; tap + 3 <= taps; tap += 3) gradient_taps<3, N>(call, tap, block);
      for (; tap < taps; ++tap) gradient_taps<1, N>(call, tap, block);
    });
}

constexpr Kernels kKernels{kLanes, kPanel, forward, gradient};

}  // namespace inlay::few_channels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay::few_channels {

const Kernels* kernels(int block) {
#if HWY_TARGETS & HWY_AVX3
  if (block == 16 && simd::has(HWY_AVX3)) return &N_AVX3::kKernels;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (block == 8 && simd::has(HWY_AVX2)) return &N_AVX2::kKernels;
#endif
  return nullptr;
}

}  // namespace inlay::few_channels

#endif
