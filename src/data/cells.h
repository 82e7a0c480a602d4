// The connected regions of a mask.
#pragma once

#include "inlay/image.h"

namespace inlay {

/// (H, W) i32: the number of the cell that a pixel belongs to, from 1 on in the order of their first pixels; 0: none. A
/// cell is a connected region of pixels (those that share an edge) of one class other than 0 and kIgnore.
Tensor number_cells(const Mask& mask);

}  // namespace inlay
