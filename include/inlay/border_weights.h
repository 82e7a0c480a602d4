// Pixel weights that teach a net the gaps between cells that touch, nearly.
#pragma once

#include <span>

#include "inlay/image.h"

namespace inlay {

/// Ronneberger, Fischer and Brox (MICCAI 2015), equation 2: a pixel weighs
///   w = w_class + w0 exp(-(d1 + d2)^2 / (2 sigma^2)),
/// d1 and d2 its distances, in pixels, to the nearest and the second nearest cell.
struct BorderWeights {
  double w0 = 10;
  double sigma = 5;

  /// Throws InputError that names the field when w0 is negative, or sigma not above 0 or above 1000.
  void check() const;
};

/// (H, W) f32: the second term alone. A cell is a connected region of pixels (those that share an edge) of one class
/// other than 0, the background; ignored pixels are no cell. Distances are those of pixel centres, and 0 within a cell.
/// Exact, except that terms below 0.0001 may be left out as 0. 0 everywhere in a mask of fewer than two cells.
Tensor border_weights(const Mask& mask, const BorderWeights& weights);

/// (H, W) f32: both terms. class_weights by class; empty: all 1. A pixel of no class there (kIgnore) has 0 as w_class.
Tensor pixel_weights(const Mask& mask, std::span<const float> class_weights, const BorderWeights& weights);

}  // namespace inlay
