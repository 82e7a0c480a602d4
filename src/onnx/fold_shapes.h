// Sizes that a file works out at run time (Shape, and what is done with its result) are known numbers here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/onnx_mapping.h"

namespace inlay {

using SizeTerms = std::vector<SizeTerm>;

/// What the node gives when it is Shape, or Slice, Concat, Gather, Cast, Unsqueeze, Squeeze, Add, Sub, Mul or Div of
/// known whole numbers; otherwise nothing. Throws InputError for a position or a result that is out of range.
std::optional<SizeTerms> fold_shapes(OnnxImporter& onnx, const OnnxNode& node);

}  // namespace inlay
