// The logits of a chunk of pixels by outcome: K channels, or two outcomes of one channel, the first with the logit 0.
#pragma once

#include "runtime/cpu/exp_log.h"
#include "runtime/cpu/pixels.h"

namespace inlay {

class OutcomeRows {
 public:
  explicit OutcomeRows(const Shape& logits) : pixels(logits) {}

  std::int64_t count() const { return std::max<std::int64_t>(2, pixels.channels); }
  /// Outcome 0 has no logit of its own when there is one channel.
  std::int64_t first_with_logit() const { return pixels.channels == 1 ? 1 : 0; }
  /// Of outcome k >= first_with_logit(): the chunk's values in (N, C, H, W).
  std::int64_t place(const Pixels::Chunk& chunk, std::int64_t k) const {
    return chunk.value + (k - first_with_logit()) * pixels.plane;
  }
  const float* row(const Pixels::Chunk& chunk, const float* logits, std::int64_t k) const {
    static constexpr float kZeros[Pixels::kChunk] = {};
    return k < first_with_logit() ? kZeros : logits + place(chunk, k);
  }

  /// log(sum over k of e^logit): what a logit is less its log p.
  void log_sums(const Pixels::Chunk& chunk, const float* logits, float* result) const {
    if (pixels.channels == 1) {
      const float* x = logits + chunk.value;
      for (std::int64_t i = 0; i < chunk.size; ++i)
        result[i] = (x[i] > 0 ? x[i] : 0.0f) + log_f32(1.0f + exp_f32(x[i] > 0 ? -x[i] : x[i]));
      return;
    }
    float sum[Pixels::kChunk];
    chunk_exponentials(pixels, chunk, logits, nullptr, result, sum);
    for (std::int64_t i = 0; i < chunk.size; ++i) result[i] += log_f32(sum[i]);
  }

  Pixels pixels;
};

}  // namespace inlay
