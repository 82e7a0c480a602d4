#include "inlay/ops.h"
#include "ops/broadcast.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) { return {broadcast_type(in[0], in[1])}; }

std::vector<Value> gradient(const GradientCall& call) {
  const Value dy = call.output_gradients[0];
  return {sum_to(dy, call.node.inputs[0].shape()), sum_to(dy, call.node.inputs[1].shape())};
}

void reference(const ReferenceCall& call) {
  broadcast_reference(call, [](double a, double b) { return a + b; });
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  onnx.add({"Add", {onnx.name(node.inputs[0]), onnx.name(node.inputs[1])}, {onnx.name(node.outputs[0])}, {}});
}

std::vector<Value> from_add(OnnxImporter& onnx, const OnnxNode& node) {
  if (const auto b = constant_number(onnx, node, 1)) return {affine(onnx.value(node.inputs[0]), 1, *b)};
  if (const auto a = constant_number(onnx, node, 0)) return {affine(onnx.value(node.inputs[1]), 1, *a)};
  const auto [a, b] = broadcast_operands(onnx, node);
  return {add(a, b)};
}

std::vector<Value> from_sub(OnnxImporter& onnx, const OnnxNode& node) {
  if (const auto b = constant_number(onnx, node, 1)) return {affine(onnx.value(node.inputs[0]), 1, -*b)};
  if (const auto a = constant_number(onnx, node, 0)) return {affine(onnx.value(node.inputs[1]), -1, *a)};
  const auto [a, b] = broadcast_operands(onnx, node);
  return {add(a, affine(b, -1))};
}

constexpr OnnxImport kImports[] = {{"Add", from_add}, {"Sub", from_sub}};

}  // namespace

const Operator kAdd{.name = "add",
                    .shape = shape,
                    .gradient = gradient,
                    .reference = reference,
                    .to_onnx = to_onnx,
                    .from_onnx = kImports};

Value add(Value a, Value b) { return a.graph().add_node(kAdd, {}, {a, b})[0]; }

}  // namespace inlay
