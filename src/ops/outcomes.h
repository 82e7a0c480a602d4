// The outcomes that the logits of a pixel tell apart: K classes, or two when there is one logit, the first of which has
// the logit 0. A sigmoid is the softmax of those two.
#pragma once

#include <algorithm>
#include <cmath>

#include "graph/operator.h"

namespace inlay {

inline std::int64_t outcome_count(std::int64_t channels) { return std::max<std::int64_t>(2, channels); }

/// Logits (N, 1 to 256, H, W), labels and both weights. Throws InputError.
void check_outcomes(TypeList in);

class PixelOutcomes {
 public:
  /// Of the pixel `index` of (N, H, W).
  PixelOutcomes(const ReferenceTensor& logits, std::int64_t index)
      : plane_(logits.type.shape[2] * logits.type.shape[3]),
        channels_(logits.type.shape[1]),
        first_(index / plane_ * channels_ * plane_ + index % plane_),
        data_(logits.data) {
    for (std::int64_t k = 0; k < count(); ++k) largest_ = std::max(largest_, logit(k));
    for (std::int64_t k = 0; k < count(); ++k) sum_ += std::exp(logit(k) - largest_);
  }

  std::int64_t count() const { return outcome_count(channels_); }
  /// Outcome 0 has none when there is one channel.
  std::int64_t first_with_logit() const { return channels_ == 1 ? 1 : 0; }
  /// The place of its logit.
  std::size_t at(std::int64_t k) const { return static_cast<std::size_t>(first_ + (k - first_with_logit()) * plane_); }
  double log_probability(std::int64_t k) const { return logit(k) - largest_ - std::log(sum_); }
  double probability(std::int64_t k) const { return std::exp(log_probability(k)); }

 private:
  double logit(std::int64_t k) const { return k < first_with_logit() ? 0 : data_[at(k)]; }

  std::int64_t plane_, channels_, first_;
  const std::vector<double>& data_;
  double largest_ = -INFINITY, sum_ = 0;
};

}  // namespace inlay
