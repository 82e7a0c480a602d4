// Masks as pictures.
#pragma once

#include "inlay/dataset.h"

namespace inlay {

/// The classes in their colours, pixels that do not count grey.
Image colored(const Mask& mask, const ClassTable& classes);

/// The picture, paled, with wrong pixels red and those that do not count grey.
Image errors(const Image& picture, const Mask& truth, const Mask& prediction);

inline constexpr Color kFirstAlone{47, 111, 222}, kSecondAlone{222, 140, 20};  // blue, amber
/// The picture, paled, with the pixels that the first prediction alone has right in its colour, and those of the
/// second.
Image disagreement(const Image& picture, const Mask& truth, const Mask& first, const Mask& second);

}  // namespace inlay
