// Sizes that a file works out at run time (Shape, and what is done with its result) are known numbers here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ops/onnx_mapping.h"

namespace inlay {

using WholeNumbers = std::vector<std::int64_t>;

/// What the node gives when it is Shape, or Slice, Concat, Gather, Cast or Unsqueeze of known whole numbers; otherwise
/// nothing.
std::optional<WholeNumbers> fold_shapes(OnnxImporter& onnx, const OnnxNode& node);

}  // namespace inlay
