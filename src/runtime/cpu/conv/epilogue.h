// What a convolution does to its result: y = activation(convolution + other).
#pragma once

#include <vector>

#include "runtime/cpu/conv/problem.h"

namespace inlay {

/// The slopes of values below zero, one a channel in whole blocks, zeros beyond. None without leaky_relu or prelu.
class Slopes {
 public:
  explicit Slopes(const ConvProblem& problem);
  /// prelu's, as they lie in memory.
  void bind(const std::byte* plain) { plain_ = reinterpret_cast<const float*>(plain); }
  /// At every run, for prelu's may be other ones by then.
  void update();
  /// Null when there are none.
  float* data() { return slopes_.empty() ? nullptr : slopes_.data(); }

 private:
  std::int64_t channels_;
  std::vector<float> slopes_;
  const float* plain_ = nullptr;
};

/// y = activation(from + other), for algorithms that do not do it while they write. Any two may be the same; null:
/// nothing is added.
void apply_epilogue(const ConvProblem& problem, const float* from, const float* other, const float* slopes, float* y);

}  // namespace inlay
