// A graph as an ONNX model.
#pragma once

#include <onnx/onnx_pb.h>

#include "inlay/model.h"

namespace inlay {

/// The opset whose forms the operators write: the first in which ScatterElements can add (overlapping windows of
/// max_unpool2d).
inline constexpr std::int64_t kOnnxOpset = 16;

/// Inputs, outputs, nodes, and the leaves as initializers under their own names. Results are named after their nodes.
/// An extent of the 4-D inputs becomes a symbol (batch, height, width) when the nodes are the same for twice that
/// extent. The same graph and tensors give the same message. Throws InputError for an operator without ONNX form, a
/// leaf without its tensor, or a tensor of another type than its leaf.
onnx::ModelProto export_model(const Graph& graph, const Tensors& tensors);

}  // namespace inlay
