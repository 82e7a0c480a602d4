// What the fast cross-entropies share: labels and weights of pixels, and the sums over chunks.
#pragma once

#include "graph/options.h"
#include "runtime/cpu/pixels.h"

namespace inlay {

/// Which pixels count and how much. Inputs `first`: labels, class weights or null, pixel weights or null.
struct PixelWeights {
  PixelWeights(const Pointers& p, std::size_t first, std::int64_t class_count, std::int64_t ignored)
      : labels(p.in<std::uint8_t>(first)),
        of_class(p.in<float>(first + 1)),
        of_pixel(p.in<float>(first + 2)),
        classes(class_count),
        ignore(ignored) {}

  /// 0 where the label is no class or `ignore`.
  float operator()(std::int64_t pixel) const {
    const std::int64_t label = labels[pixel];
    if (label == ignore || label >= classes) return 0;
    return (of_class ? of_class[label] : 1.0f) * (of_pixel ? of_pixel[pixel] : 1.0f);
  }

  const std::uint8_t* labels;
  const float* of_class;
  const float* of_pixel;
  std::int64_t classes, ignore;
};

/// Sums of one chunk.
struct ChunkLoss {
  double loss = 0, weight = 0;
};

/// loss = sum(losses) / sum(weights), 0 when no pixel counts; weight = sum(weights).
inline void write_mean(const ChunkLoss* chunks, std::int64_t count, float* loss, float* weight) {
  ChunkLoss total;
  for (std::int64_t i = 0; i < count; ++i) {
    total.loss += chunks[i].loss;
    total.weight += chunks[i].weight;
  }
  if (loss) *loss = total.weight > 0 ? static_cast<float>(total.loss / total.weight) : 0.0f;
  if (weight) *weight = static_cast<float>(total.weight);
}

/// The factor of a gradient: dy / sum(weights), 0 when no pixel counts.
inline float mean_factor(const float* dy, const float* weight) { return *weight > 0 ? *dy / *weight : 0.0f; }

}  // namespace inlay
