// Checks that the shape rules share.
#pragma once

#include <string_view>

#include "base/fail.h"
#include "graph/operator.h"

namespace inlay {

inline void expect_f32(std::string_view what, const TensorType& type) {
  if (type.dtype != DType::f32) fail_input("{} is {}, expected f32", what, to_string(type));
}

/// `type` must be f32 (N, C, H, W).
inline void expect_picture(std::string_view what, const TensorType& type) {
  if (type.dtype != DType::f32 || type.shape.rank() != 4)
    fail_input("{} is {}, expected f32 with shape NxCxHxW", what, to_string(type));
}

inline void expect_type(std::string_view what, const TensorType& type, DType dtype, const Shape& shape) {
  if (type.dtype != dtype || !(type.shape == shape))
    fail_input("{} is {}, expected {} {}", what, to_string(type), to_string(dtype), to_string(shape));
}

inline void expect_same(std::string_view what, const TensorType& type, std::string_view other,
                        const TensorType& expected) {
  if (!(type == expected))
    fail_input("{} is {}, {} is {}: they must agree", what, to_string(type), other, to_string(expected));
}

}  // namespace inlay
