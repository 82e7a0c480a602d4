// What is read off the net's output.
#pragma once

#include <cstdint>

#include "inlay/image.h"

namespace inlay {

/// The logits (K, rows, row_stride) of one picture inside a Program's output, of which the first `height` x `width`
/// count.
struct LogitsView {
  const float* data = nullptr;
  std::int64_t channels = 0, rows = 0, row_stride = 0;
  std::int64_t height = 0, width = 0;

  const float* row(std::int64_t channel, std::int64_t y) const { return data + (channel * rows + y) * row_stride; }
};

/// Picture `index` of a tensor (N, K, H, W), of which height x width count.
LogitsView view_of(const Tensor& pictures, std::int64_t index, std::int64_t height, std::int64_t width);

Mask most_likely(const LogitsView& logits);
/// (K, height, width).
Tensor copy_logits(const LogitsView& logits);
/// (K, height, width): softmax over K, the sigmoid for K = 1.
Tensor copy_probabilities(const LogitsView& logits);
/// Of probabilities (K, H, W); with one channel, 1 where it is above 0.5.
Mask most_probable(const Tensor& probabilities);
/// The logarithm of probabilities (K, H, W), or with one channel of their odds, but for a bound that keeps it finite.
Tensor log_probabilities(Tensor probabilities);

}  // namespace inlay
