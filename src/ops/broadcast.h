// What add, mul and div share: extents are equal, or 1 in one of the two, at equal rank.
#pragma once

#include "graph/operator.h"

namespace inlay {

/// The type of the result. Throws InputError that names the axis where the two do not fit.
TensorType broadcast_type(const TensorType& a, const TensorType& b);

/// x summed along the axes where `shape` has 1: the gradient with respect to a repeated operand.
Value sum_to(Value x, const Shape& shape);

/// Where the element of an operand lies for each element of the result, in order.
std::vector<std::int64_t> broadcast_index(const Shape& operand, const Shape& result);

/// result[i] = f(a[...], b[...]).
template <class F>
void broadcast_reference(const ReferenceCall& call, F f) {
  const auto& [a, b] = std::tie(*call.inputs[0], *call.inputs[1]);
  auto& y = call.outputs[0];
  const auto ia = broadcast_index(a.type.shape, y.type.shape), ib = broadcast_index(b.type.shape, y.type.shape);
  for (std::size_t i = 0; i < y.data.size(); ++i)
    y.data[i] = f(a.data[static_cast<std::size_t>(ia[i])], b.data[static_cast<std::size_t>(ib[i])]);
}

/// The two operands of an ONNX node at equal rank: ONNX aligns shapes at the right.
std::pair<Value, Value> broadcast_operands(OnnxImporter& onnx, const OnnxNode& node);

/// The number in input `i` when it is a constant of one element.
std::optional<double> constant_number(OnnxImporter& onnx, const OnnxNode& node, std::size_t i);

}  // namespace inlay
