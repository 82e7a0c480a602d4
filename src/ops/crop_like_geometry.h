// Where the small picture of crop_like and pad_like lies in the large one.
#pragma once

#include "inlay/options.h"
#include "inlay/tensor.h"

namespace inlay {

/// Its first row and column. Throws InputError when it does not fit.
Size2 crop_like_start(const CropLikeOptions& options, const Shape& large, const Shape& small);

}  // namespace inlay
