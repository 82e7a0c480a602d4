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

Mask most_likely(const LogitsView& logits);
/// (K, height, width).
Tensor copy_logits(const LogitsView& logits);
/// (K, height, width): softmax over K, the sigmoid for K = 1.
Tensor copy_probabilities(const LogitsView& logits);

}  // namespace inlay
