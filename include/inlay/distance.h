// Distances between pixels.
#pragma once

#include "inlay/tensor.h"

namespace inlay {

/// (H, W) f32: the Euclidean distance, in pixels, from every pixel's centre to the nearest pixel of `sites` (H, W) u8
/// that is not 0, whose own is 0; infinity everywhere when there is none. Exact, but for the rounding of the square
/// root, in time proportional to the pixels: Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions,
/// Theory of Computing 2012.
Tensor distances_to(const Tensor& sites);

}  // namespace inlay
