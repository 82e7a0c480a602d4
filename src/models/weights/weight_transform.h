#pragma once

#include <span>

#include "inlay/tensor.h"
#include "models/weights/weight_map.h"

namespace inlay {

/// An f32 tensor after the transforms, in turn, on its way to one of shape `wanted`. Throws InputError when it has too
/// few axes, or for `reshape` another number of elements.
Tensor transformed(const Tensor& tensor, std::span<const WeightTransform> transforms, const Shape& wanted);

}  // namespace inlay
