// Grids as grey pictures.
#pragma once

#include "workflow/explain/grids.h"

namespace inlay {

/// One pixel a number, from black at 0 (or the least, where some are negative) to white at the largest. All equal:
/// white, or black when they are 0.
Image grey_picture(const Grid& grid);

/// Averaged down until neither side is longer than `longest`.
Image shrunk(const Image& image, std::int64_t longest);

}  // namespace inlay
