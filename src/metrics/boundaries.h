// Where the classes of a mask end.
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// Per pixel: 1 when a pixel that shares an edge with it has another label, or, with `frame`, it is at the image's
/// edge.
std::vector<std::uint8_t> inner_boundary(const Mask& mask, bool frame);

/// Per pixel: the steps along rows, columns and diagonals to the nearest pixel of another label, or out of the image.
std::vector<std::int32_t> depth_in_class(const Mask& mask);

double diagonal(const Mask& mask);

}  // namespace inlay
