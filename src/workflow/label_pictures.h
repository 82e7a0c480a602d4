// Masks as pictures.
#pragma once

#include <vector>

#include "inlay/dataset.h"

namespace inlay {

/// The classes in their colours, pixels that do not count grey.
Image colored(const Mask& mask, const ClassTable& classes);

/// The picture, paled, with wrong pixels red and those that do not count grey.
Image errors(const Image& picture, const Mask& truth, const Mask& prediction);

/// The picture, paled, with those pixels blue that the first prediction alone has right, and amber those of the second.
Image disagreement(const Image& picture, const Mask& truth, const Mask& first, const Mask& second);

/// (H, W, 3): pictures of one height side by side, with a gap of 4 white pixels. At least one, each of three channels
/// in 8 bits.
Image side_by_side(const std::vector<Image>& pictures);

}  // namespace inlay
