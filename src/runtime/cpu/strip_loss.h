// Losses over the classes of the pixels of a strip, together with their gradient.
#pragma once

#include "runtime/cpu/class_strip.h"
#include "runtime/cpu/pixel_loss.h"

namespace inlay {

/// Labels and weights of the pixels of a strip; `factor` times a weight is what a pixel's gradient is scaled by.
struct StripTargets {
  StripTargets(const PixelWeights& of, const ClassStrips::Place& place, float gradient_factor)
      : labels(of.labels + place.pixel), factor(gradient_factor) {
    for (std::int64_t i = 0; i < place.size; ++i) weights[i] = of(place.pixel + i);
  }
  const std::uint8_t* labels;
  float weights[ClassStrip::kSize];
  float factor;
};

/// Logits become their gradient; returns the sum of the weighted losses.
using StripLoss = double (*)(ClassStrip&, const StripTargets&);
double softmax_strip(ClassStrip& strip, const StripTargets& targets);
double sigmoid_strip(ClassStrip& strip, const StripTargets& targets);

/// The sum of all weights, which depends on the labels alone. `chunks`: one for each strip, to be written.
float sum_weights(const ClassStrips& strips, const PixelWeights& weights, ChunkLoss* chunks);

}  // namespace inlay
