// The loss of validation pictures, from logits at their own size.
#pragma once

#include <cstdint>
#include <limits>

#include "inlay/image.h"

namespace inlay {

struct NegativeLogLikelihood {
  double sum = 0;
  std::int64_t pixels = 0;

  double mean() const {
    return pixels > 0 ? sum / static_cast<double>(pixels) : std::numeric_limits<double>::quiet_NaN();
  }
  friend NegativeLogLikelihood operator+(const NegativeLogLikelihood& a, const NegativeLogLikelihood& b) {
    return {a.sum + b.sum, a.pixels + b.pixels};
  }
};

/// The sum of -log p(truth) over the pixels that are not kIgnore, p the softmax of logits (K, H, W), or the sigmoid's
/// two outcomes for K = 1. The sum does not depend on the number of threads. The truth must hold nothing but classes
/// and kIgnore.
NegativeLogLikelihood negative_log_likelihood(const Tensor& logits, const Mask& truth);

}  // namespace inlay
