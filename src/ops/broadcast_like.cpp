#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/broadcast.h"
#include "ops/checks.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  const Shape &x = in[0].shape, &like = in[1].shape;
  if (in[0].dtype != DType::f32) fail_input("x is {}, expected f32", to_string(in[0]));
  bool fits = x.rank() == like.rank();
  for (int i = 0; fits && i < x.rank(); ++i) fits = x[i] == like[i] || x[i] == 1;
  if (!fits)
    fail_input("x is {}, which does not repeat to {}: each extent must be equal or 1", to_string(x), to_string(like));
  return {{DType::f32, like}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {sum_to(call.output_gradients[0], call.node.inputs[0].shape()), Value()};
}

void reference(const ReferenceCall& call) {
  const ReferenceTensor& x = *call.inputs[0];
  ReferenceTensor& y = call.outputs[0];
  const auto source = broadcast_index(x.type.shape, y.type.shape);
  for (std::size_t i = 0; i < source.size(); ++i) y.data[i] = x.data[static_cast<std::size_t>(source[i])];
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const std::string extents = onnx.fresh("shape");
  onnx.add({"Shape", {onnx.name(node.inputs[1])}, {extents}, {}});
  onnx.add({"Expand", {onnx.name(node.inputs[0]), extents}, {onnx.name(node.outputs[0])}, {}});
}

/// ONNX's Expand may also add axes in front, and keeps an extent where the wanted shape has a 1.
std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  auto wanted = onnx_integers(onnx, node, 1, "shape").value_or(std::vector<std::int64_t>{});
  if (const auto number = constant_number(onnx, node, 0)) return {fill(onnx.graph(), Shape(wanted), *number)};
  const Value x = onnx.value(node.inputs.at(0));
  std::vector<std::int64_t> extents(x.shape().begin(), x.shape().end());
  const std::size_t rank = std::max(wanted.size(), extents.size());
  extents.insert(extents.begin(), rank - extents.size(), 1);
  wanted.insert(wanted.begin(), rank - wanted.size(), 1);
  for (std::size_t i = 0; i < rank; ++i)
    if (wanted[i] == 1) wanted[i] = extents[i];
  const Value same_rank = static_cast<int>(rank) == x.shape().rank() ? x : reshape(x, Shape(extents));
  if (wanted == extents) return {same_rank};
  return {broadcast_like(same_rank, fill(x.graph(), Shape(wanted), 0))};
}

constexpr OnnxImport kImports[] = {{"Expand", from_onnx}};

}  // namespace

const Operator kBroadcastLike{.name = "broadcast_like",
                              .shape = shape,
                              .gradient = gradient,
                              .reference = reference,
                              .shape_only_inputs = 0b10,
                              .to_onnx = to_onnx,
                              .from_onnx = kImports};

Value broadcast_like(Value x, Value like) { return x.graph().add_node(kBroadcastLike, {}, {x, like})[0]; }

}  // namespace inlay
