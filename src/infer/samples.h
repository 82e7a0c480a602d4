// Mean and variance of what a net with dropout says again and again.
#pragma once

#include <vector>

#include "inlay/segment.h"

namespace inlay {

class SampleSum {
 public:
  /// All of one shape (K, H, W).
  void add(const Tensor& probabilities);
  SampledProbabilities result() const;

 private:
  Shape shape_;
  int count_ = 0;
  std::vector<double> sum_, squares_;
};

}  // namespace inlay
