// Sums over N, H and W, two a channel, accurate and the same for every number of threads: floats for some pixels,
// doubles for a row, rows in order.
#pragma once

#include "runtime/cpu/rows.h"

namespace inlay {

/// Two terms of one element.
struct TwoTerms {
  float first, second;
};

struct TwoSums {
  double first = 0, second = 0;
};

/// Doubles that row_sums writes.
inline std::int64_t row_sums_size(const Rows& rows) { return rows.count() * 2 * rows.block; }

namespace detail {

template <int B, class F>
void sum_pixels(std::int64_t begin, std::int64_t end, std::int64_t channel, double* sums, const F& f) {
  if constexpr (B == 1) {
    float first = 0, second = 0;
#pragma omp simd reduction(+ : first, second)
    for (std::int64_t i = begin; i < end; ++i) {
      const TwoTerms terms = f(i, channel);
      first += terms.first;
      second += terms.second;
    }
    sums[0] += first;
    sums[1] += second;
  } else {
    float first[B] = {}, second[B] = {};
    for (std::int64_t i = begin; i < end; i += B) {
#pragma omp simd
      for (int l = 0; l < B; ++l) {
        const TwoTerms terms = f(i + l, channel + l);
        first[l] += terms.first;
        second[l] += terms.second;
      }
    }
    for (int l = 0; l < B; ++l) {
      sums[l] += first[l];
      sums[B + l] += second[l];
    }
  }
}

}  // namespace detail

/// sums[row] = B first sums, B second sums of f(index in memory, channel) over the row.
template <int B, class F>
void row_sums(const Rows& rows, double* sums, const F& f) {
  constexpr std::int64_t kPixels = B == 1 ? 512 : 64;  // few enough that a float sum of them is exact to about 1e-6
  parallel_ranges(
      rows.count(),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          double* of_row = sums + row * 2 * B;
          std::fill(of_row, of_row + 2 * B, 0.0);
          const std::int64_t first = row * rows.row_size();
          for (std::int64_t x = 0; x < rows.width; x += kPixels)
            detail::sum_pixels<B>(first + x * B, first + std::min(x + kPixels, rows.width) * B,
                                  rows.channel_block(row) * B, of_row, f);
        }
      },
      rows.elements());
}

/// The rows' sums of one channel put together.
inline TwoSums channel_sums(const Rows& rows, const double* sums, std::int64_t channel) {
  TwoSums total;
  const std::int64_t cb = channel / rows.block, lane = channel % rows.block;
  for (std::int64_t n = 0; n < rows.images; ++n) {
    const double* of_plane = sums + (n * rows.blocks + cb) * rows.height * 2 * rows.block + lane;
    for (std::int64_t y = 0; y < rows.height; ++y) {
      total.first += of_plane[y * 2 * rows.block];
      total.second += of_plane[y * 2 * rows.block + rows.block];
    }
  }
  return total;
}

/// out[i] = f(index i, channel) for every element.
template <int B, class F>
void for_each_element(const Rows& rows, float* out, const F& f) {
  parallel_ranges(
      rows.count(),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const std::int64_t channel = rows.channel_block(row) * B, last = (row + 1) * rows.row_size();
          if constexpr (B == 1) {
            for (std::int64_t i = row * rows.row_size(); i < last; ++i) out[i] = f(i, channel);
          } else {
            for (std::int64_t i = row * rows.row_size(); i < last; i += B) {
#pragma omp simd
              for (int l = 0; l < B; ++l) out[i + l] = f(i + l, channel + l);
            }
          }
        }
      },
      rows.elements());
}

}  // namespace inlay
