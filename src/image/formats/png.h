// The mask files that write_mask() makes.
#pragma once

#include <string>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// An index PNG with 256 colours: those of `palette`, then voc_color().
std::string encode_index_png(const Mask& mask, const std::vector<Color>& palette);

}  // namespace inlay
