// Mean and variance of the channels of a batch.
#pragma once

#include "runtime/cpu/channel_sums.h"

namespace inlay {

struct Moments {
  double mean, variance;  // the biased one
};

/// Calls body(c, moments) for the channels of some blocks of x. Sums are taken about the channel's first number, which
/// goes to `pivots`, so that a mean far from 0 costs no digits; `sums` is what strip_sums wants.
template <int B, class Body>
void batch_moments(const Strips& strips, const BlockRange& blocks, const float* x, float* pivots, double* sums,
                   const Body& body) {
  const std::int64_t begin = blocks.begin * B, end = std::min(blocks.end * B, strips.channels);
  for (std::int64_t c = begin; c < end; ++c) pivots[c] = x[c / B * strips.pixels * B + c % B];
  strip_sums<B>(strips, blocks, sums, [x, pivots](std::int64_t i, std::int64_t c) {
    const float d = x[i] - pivots[c];
    return TwoTerms{d, d * d};
  });
  const auto count = static_cast<double>(strips.images * strips.pixels);
  for (std::int64_t c = begin; c < end; ++c) {
    const TwoSums total = channel_sums(strips, blocks, sums, c);
    const double offset = total.first / count;
    body(c, Moments{static_cast<double>(pivots[c]) + offset, std::max(total.second / count - offset * offset, 0.0)});
  }
}

}  // namespace inlay
