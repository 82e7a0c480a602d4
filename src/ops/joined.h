// Several pictures that an operator sees as one, joined along the channels, without a copy of them: what fuse_concat
// makes of a concat.
#pragma once

#include <string_view>

#include "graph/operator.h"

namespace inlay {

/// The type of `first` and `more` joined; they must agree in all but the channels.
TensorType joined(std::string_view what, const TensorType& first, TypeList more);

/// Their numbers joined.
ReferenceTensor joined(const ReferenceTensor& first, std::span<const ReferenceTensor* const> more);

/// Operators that a pass has given several sources, or several results, have no gradient and no ONNX form any more.
void expect_unfused(const Node& node, std::size_t inputs);

}  // namespace inlay
