// Products of small matrices that stay in registers. Compiled once per instruction set.

// The guard toggles with the instruction set that is compiled now.
// clang-format off
#if defined(INLAY_SIMD_PRODUCTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_SIMD_PRODUCTS_INL_H_
#undef INLAY_SIMD_PRODUCTS_INL_H_
#else
#define INLAY_SIMD_PRODUCTS_INL_H_
#endif
// clang-format on

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace inlay::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::CappedTag<float, 16>;
using Vector = hn::Vec<Tag>;
/// Floats in a vector: the channel block.
constexpr int kLanes = static_cast<int>(hn::MaxLanes(Tag()));
/// AVX-512 has 32 registers, AVX2 16.
constexpr bool kManyRegisters = kLanes == 16;
/// Vectors in a panel of the second matrix.
constexpr int kPanel = kManyRegisters ? 4 : 2;

/// Rows of the first matrix that fit beside `vectors` columns of accumulators.
template <int vectors>
constexpr int kRows = (kManyRegisters ? 24 : 12) / vectors;

HWY_INLINE void add_or_store(Vector sum, float* to, bool add) {
  hn::Store(add ? hn::Add(hn::Load(Tag(), to), sum) : sum, Tag(), to);
}

/// A matrix whose columns come in blocks of kLanes: element (r, k) lies at data[r * row + blocks[k / kLanes] + k %
/// kLanes].
struct Rows {
  const float* data;
  std::ptrdiff_t row;
  const std::ptrdiff_t* blocks;

  Rows from(std::ptrdiff_t r) const { return {data + r * row, row, blocks}; }
};

/// finish(r, v, sum over k of a[r][k] b[k][v]), r < R, v < N vectors, k over `blocks` blocks of kLanes.
template <int R, int N, class Finish>
HWY_INLINE void product(Rows a, std::ptrdiff_t blocks, const float* HWY_RESTRICT b, Finish finish) {
  const Tag tag;
  Vector sums[R][N];
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) sums[r][v] = hn::Zero(tag);
  for (std::ptrdiff_t block = 0; block < blocks; ++block) {
    const float* HWY_RESTRICT x = a.data + a.blocks[block];
#pragma GCC unroll 4
    for (int k = 0; k < kLanes; ++k, b += N * kLanes) {
      Vector columns[N];
#pragma GCC unroll 8
      for (int v = 0; v < N; ++v) columns[v] = hn::Load(tag, b + v * kLanes);
#pragma GCC unroll 32
      for (int r = 0; r < R; ++r) {
        const Vector value = hn::Set(tag, x[r * a.row + k]);
#pragma GCC unroll 8
        for (int v = 0; v < N; ++v) sums[r][v] = hn::MulAdd(value, columns[v], sums[r][v]);
      }
    }
  }
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) finish(r, v, sums[r][v]);
}

/// Calls body.template operator()<N>() with N = vectors, 1..kPanel.
template <class Body>
HWY_INLINE void with_vectors(int vectors, Body body) {
  if (vectors == 1) return body.template operator()<1>();
  if (vectors == 2) return body.template operator()<2>();
  if constexpr (kPanel == 4) {
    if (vectors == 3) return body.template operator()<3>();
    return body.template operator()<4>();
  }
}

/// The same as powers of two, which divide blocks of channels and the usual widths of pictures.
template <int N>
constexpr int kEvenRows = (kManyRegisters ? 16 : 8) / (N == 3 ? 4 : N);

/// c[r][v] (+)= sum over t < count of a[t][r] b[t][v]: a product over pixels. `a_step` is the distance from one pixel
/// of a to the next, `columns` from one block of b's channels to the next.
template <int R, int N>
HWY_INLINE void outer_product(const float* HWY_RESTRICT a, std::ptrdiff_t a_step, const float* HWY_RESTRICT b,
                              std::ptrdiff_t columns, std::ptrdiff_t count, float* HWY_RESTRICT c, std::ptrdiff_t c_row,
                              bool add) {
  const Tag tag;
  Vector sums[R][N];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) sums[r][v] = hn::Zero(tag);
#pragma GCC unroll 2
  for (std::ptrdiff_t t = 0; t < count; ++t) {
    Vector of_t[N];
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) of_t[v] = hn::Load(tag, b + v * columns + t * kLanes);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const Vector value = hn::Set(tag, a[t * a_step + r]);
#pragma GCC unroll 8
      for (int v = 0; v < N; ++v) sums[r][v] = hn::MulAdd(value, of_t[v], sums[r][v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) add_or_store(sums[r][v], c + r * c_row + v * kLanes, add);
}

/// The same for one block of a's channels with all `blocks` blocks of b's.
inline void outer_products(const float* a, std::ptrdiff_t a_step, const float* b, std::ptrdiff_t columns,
                           std::int64_t blocks, std::ptrdiff_t count, float* c, std::ptrdiff_t c_row, bool add) {
  for (std::int64_t first = 0; first < blocks; first += kPanel)
    with_vectors(static_cast<int>(std::min<std::int64_t>(kPanel, blocks - first)), [=]<int N>() HWY_ATTR {
      constexpr int R = kEvenRows<N>;
      for (int lane = 0; lane < kLanes; lane += R)
        outer_product<R, N>(a + lane, a_step, b + first * columns, columns, count, c + first * kLanes + lane * c_row,
                            c_row, add);
    });
}

}  // namespace inlay::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
