// Pixel weights that teach a net the gaps between cells that touch, nearly, or the boundaries between classes.
#pragma once

#include <span>

#include "inlay/image.h"

namespace inlay {

/// A pixel weighs
///   w = w_class + w0 exp(-d^2 / (2 sigma^2)),
/// gaps: d the sum of its distances, in pixels, to the nearest and the second nearest cell (Ronneberger, Fischer and
/// Brox, MICCAI 2015, equation 2); boundaries: d its distance to the nearest pixel that shares an edge with one of
/// another class.
struct BorderWeights {
  enum class Kind { gaps, boundaries };

  double w0 = 10;
  double sigma = 5;
  Kind kind = Kind::gaps;

  /// Throws InputError that names the field when w0 is negative, or sigma not above 0 or above 1000.
  void check() const;
};

/// (H, W) f32: the second term alone. Ignored pixels are no other class, and have no boundary. A cell is a connected
/// region of pixels (those that share an edge) of one class other than 0, the background; ignored pixels are no cell.
/// Distances are those of pixel centres, and 0 within a cell. Exact, except that terms below 0.0001 may be left out as
/// 0. 0 everywhere in a mask of fewer than two cells, or without a boundary.
Tensor border_weights(const Mask& mask, const BorderWeights& weights);

/// (H, W) f32: both terms. class_weights by class; empty: all 1. A pixel of no class there (kIgnore) has 0 as w_class.
Tensor pixel_weights(const Mask& mask, std::span<const float> class_weights, const BorderWeights& weights);

}  // namespace inlay
