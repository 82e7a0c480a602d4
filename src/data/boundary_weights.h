// Weights by the distance to the boundary between classes.
#pragma once

#include "inlay/border_weights.h"

namespace inlay {

/// (H, W) f32: w0 exp(-d^2 / (2 sigma^2)), d as BorderWeights::Kind::boundaries says.
Tensor boundary_weights(const Mask& mask, const BorderWeights& weights);

}  // namespace inlay
