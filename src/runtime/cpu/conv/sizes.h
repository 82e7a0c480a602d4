// Sizes and sums that our own convolutions share.
#pragma once

#include "runtime/cpu/conv/problem.h"
#include "runtime/cpu/stream.h"

namespace inlay {

/// Floats of the sums that each thread may have for itself; more would not stay in the second-level cache.
constexpr std::size_t kOwnSums = 160 << 10;

/// Channel blocks of a picture.
std::int64_t blocks_of(const Buffer& picture);

/// The gradient of the bias: sums of dy over all pixels. Scratch for it, and the sums.
std::size_t bias_sums_bytes(const ConvProblem& problem);
void sum_bias(const ConvProblem& problem, const float* dy, float* scratch, float* bias);

/// The size of parts of `total` things, about the same for all, with at most `most` in one.
constexpr std::int64_t even_part(std::int64_t total, std::int64_t most) {
  const std::int64_t parts = (total + most - 1) / most;
  return parts > 0 ? (total + parts - 1) / parts : 1;
}

/// Floats rounded up to whole cache lines.
inline std::size_t whole_lines(std::size_t floats) { return (floats + 15) / 16 * 16; }

}  // namespace inlay
