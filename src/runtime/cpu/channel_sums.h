// Sums over N, H and W, two a channel, accurate and the same for every number of threads: floats for some pixels,
// doubles for a strip, strips in order.
#pragma once

#include "runtime/cpu/strips.h"

namespace inlay {

/// Two terms of one element.
struct TwoTerms {
  float first, second;
};

struct TwoSums {
  double first = 0, second = 0;
};

/// Doubles that strip_sums writes.
inline std::int64_t strip_sums_size(const Strips& strips, const BlockRange& range) {
  return strips.count(range) * 2 * strips.block;
}

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

/// sums[strip] = B first sums, B second sums of f(index in memory, channel) over the strip.
template <int B, class F>
void strip_sums(const Strips& strips, const BlockRange& range, double* sums, const F& f) {
  constexpr std::int64_t kFew = B == 1 ? 512 : 64 * B;  // a float sum of that many pixels is exact to about 1e-6
  parallel_ranges(
      strips.count(range),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          double* of_strip = sums + i * 2 * B;
          std::fill(of_strip, of_strip + 2 * B, 0.0);
          const Strips::Strip s = strips.strip(range, i);
          for (std::int64_t k = s.begin; k < s.end; k += kFew)
            detail::sum_pixels<B>(k, std::min(k + kFew, s.end), s.channel, of_strip, f);
        }
      },
      strips.elements(range));
}

/// The strips' sums of one channel put together.
inline TwoSums channel_sums(const Strips& strips, const BlockRange& range, const double* sums, std::int64_t channel) {
  TwoSums total;
  const std::int64_t block = strips.block, size = 2 * block;
  const double* first = sums + (channel / block - range.begin) * strips.per_plane * size + channel % block;
  for (std::int64_t n = 0; n < strips.images; ++n, first += range.count() * strips.per_plane * size)
    for (std::int64_t i = 0; i < strips.per_plane; ++i) {
      total.first += first[i * size];
      total.second += first[i * size + block];
    }
  return total;
}

}  // namespace inlay
