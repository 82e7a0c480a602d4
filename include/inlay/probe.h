// The receptive field, measured: which pixels of the picture move one pixel of the logits, and by how much.
#pragma once

#include <cstdint>
#include <optional>

#include "inlay/model.h"

namespace inlay {

struct PixelPosition {
  std::int64_t row = 0, column = 0;
  bool operator==(const PixelPosition&) const = default;
};

struct PixelBox {
  std::int64_t top = 0, left = 0, height = 0, width = 0;
  bool operator==(const PixelBox&) const = default;
};

enum class ProbeWeights : std::uint8_t {
  /// The same positive number throughout a kernel, biases 0, batch norm neutral: nothing cancels and no ReLU shuts, so
  /// that what is seen is what the layers' geometry allows.
  constant,
  /// The model's own: the effective receptive field of Luo, Li, Urtasun and Zemel (NIPS 2016).
  own,
};

struct ProbeOptions {
  std::int64_t height = 128, width = 128;  // of the picture
  std::optional<PixelPosition> pixel;      // of the logits; the centre (height / 2, width / 2)
  ProbeWeights weights = ProbeWeights::constant;
  /// Random pictures; what they show is averaged. A max-pool passes a gradient on to its winner alone, so the more
  /// pictures, the nearer comes the box to the formula's (Summary::receptive_field_h); one is enough without max-pools.
  std::int64_t pictures = 4;
  std::uint64_t seed = 0;
  int threads = 0;  // 0: all cores
};

struct FieldProbe {
  PixelPosition pixel;  // of the logits, looked at
  /// (H, W) of the picture: |d logit(pixel) / d image|, summed over the picture's channels and the logits' channels,
  /// each of these by itself.
  Tensor gradient;
  PixelBox box;         // around the pixels whose gradient is not zero; empty when there are none
  std::int64_t pixels;  // how many these are
  bool cut;             // the box touches the picture's border: a larger picture may show more
};

/// Runs the net forward and backward; memory as for a training step of one picture. Throws InputError when the net does
/// not take pictures of that size, the pixel lies outside of the logits, an operator has no gradient, or a gradient is
/// not finite.
FieldProbe probe_field(const Model& model, const ProbeOptions& options = {});

}  // namespace inlay
