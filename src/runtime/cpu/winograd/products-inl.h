// Products of small matrices that stay in registers. Compiled once per instruction set.

// The guard toggles with the instruction set that is compiled now.
// clang-format off
#if defined(INLAY_WINOGRAD_PRODUCTS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_PRODUCTS_INL_H_
#undef INLAY_WINOGRAD_PRODUCTS_INL_H_
#else
#define INLAY_WINOGRAD_PRODUCTS_INL_H_
#endif
// clang-format on

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

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

struct Rows {
  const float* data;
  std::ptrdiff_t row, block;  // floats from a row to the next, from one block of kLanes to the next
};

/// c[r][v] (+)= sum over k of a[r][k] b[k][v], r < R, v < N vectors, k over `blocks` blocks of kLanes.
template <int R, int N>
HWY_INLINE void product(Rows a, std::ptrdiff_t blocks, const float* HWY_RESTRICT b, float* HWY_RESTRICT c,
                        std::ptrdiff_t c_row, bool add) {
  const Tag tag;
  Vector sums[R][N];
#pragma GCC unroll 32
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) sums[r][v] = hn::Zero(tag);
  for (std::ptrdiff_t block = 0; block < blocks; ++block) {
    const float* HWY_RESTRICT x = a.data + block * a.block;
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
    for (int v = 0; v < N; ++v) add_or_store(sums[r][v], c + r * c_row + v * kLanes, add);
}

/// The same for `rows` rows, rounded up to whole steps of R.
template <int N>
HWY_INLINE void product_rows(Rows a, std::ptrdiff_t rows, std::ptrdiff_t blocks, const float* b, float* c,
                             std::ptrdiff_t c_row, bool add) {
  constexpr int R = kRows<N>;
  for (std::ptrdiff_t r = 0; r < rows; r += R)
    product<R, N>({a.data + r * a.row, a.row, a.block}, blocks, b, c + r * c_row, c_row, add);
}

/// One panel of `vectors` <= kPanel columns.
inline void multiply(Rows a, std::ptrdiff_t rows, std::ptrdiff_t blocks, const float* b, int vectors, float* c,
                     std::ptrdiff_t c_row, bool add) {
  if (vectors == 1) return product_rows<1>(a, rows, blocks, b, c, c_row, add);
  if (vectors == 2) return product_rows<2>(a, rows, blocks, b, c, c_row, add);
  if constexpr (kPanel == 4) {
    if (vectors == 3) return product_rows<3>(a, rows, blocks, b, c, c_row, add);
    return product_rows<4>(a, rows, blocks, b, c, c_row, add);
  }
}

/// c[r][v] (+)= sum over t < count of a[t][r] b[t][v]: a product over pixels. a and b hold kLanes channels a pixel;
/// `columns` is the distance from one block of b's channels to the next.
template <int R, int N>
HWY_INLINE void outer_product(const float* HWY_RESTRICT a, const float* HWY_RESTRICT b, std::ptrdiff_t columns,
                              std::ptrdiff_t count, float* HWY_RESTRICT c, std::ptrdiff_t c_row, bool add) {
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
      const Vector value = hn::Set(tag, a[t * kLanes + r]);
#pragma GCC unroll 8
      for (int v = 0; v < N; ++v) sums[r][v] = hn::MulAdd(value, of_t[v], sums[r][v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) add_or_store(sums[r][v], c + r * c_row + v * kLanes, add);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
