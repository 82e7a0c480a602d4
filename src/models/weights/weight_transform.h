#pragma once

#include <span>

#include "inlay/tensor.h"
#include "models/weights/weight_map.h"

namespace inlay {

/// An f32 tensor after the transforms, in turn. Throws InputError when it has too few axes for one.
Tensor transformed(const Tensor& tensor, std::span<const WeightTransform> transforms);

}  // namespace inlay
