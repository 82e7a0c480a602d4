// In words, what becomes of a picture.
#pragma once

#include <string>

#include "infer/tile_memory.h"

namespace inlay {

/// "" when the net takes it as it is.
std::string describe_cut(const PictureFacts& picture, const Cut& cut, const Model& model);

}  // namespace inlay
