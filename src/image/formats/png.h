// The mask files that write_mask() makes.
#pragma once

#include <png.h>

#include <string>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// An index PNG with 256 colours: those of `palette`, then voc_color().
std::string encode_index_png(const Mask& mask, const std::vector<Color>& palette);

/// What an index file holds: `palette`, then voc_color().
std::vector<Color> palette_of_256(const std::vector<Color>& palette);

/// For photographs: a sixth of the default's time, a third more bytes.
void prefer_speed(png_structp png);

}  // namespace inlay
