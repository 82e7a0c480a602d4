#include "inlay/ops.h"
#include "ops/broadcast.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) { return {broadcast_type(in[0], in[1])}; }

/// d(a / b) = da / b - (a / b) db / b.
std::vector<Value> gradient(const GradientCall& call) {
  const Value a = call.node.inputs[0], b = call.node.inputs[1], y = call.node.outputs[0];
  const Value by_b = div(call.output_gradients[0], b);
  return {sum_to(by_b, a.shape()), affine(sum_to(mul(by_b, y), b.shape()), -1)};
}

void reference(const ReferenceCall& call) {
  broadcast_reference(call, [](double a, double b) { return a / b; });
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  onnx.add({"Div", {onnx.name(node.inputs[0]), onnx.name(node.inputs[1])}, {onnx.name(node.outputs[0])}, {}});
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  if (const auto b = constant_number(onnx, node, 1)) return {affine(onnx.value(node.inputs[0]), 1 / *b)};
  const auto [a, b] = broadcast_operands(onnx, node);
  return {div(a, b)};
}

constexpr OnnxImport kImports[] = {{"Div", from_onnx}};

}  // namespace

const Operator kDiv{.name = "div",
                    .shape = shape,
                    .gradient = gradient,
                    .reference = reference,
                    .to_onnx = to_onnx,
                    .from_onnx = kImports};

Value div(Value a, Value b) { return a.graph().add_node(kDiv, {}, {a, b})[0]; }

}  // namespace inlay
