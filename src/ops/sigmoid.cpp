#include <cmath>

#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  expect_f32("x", in[0]);
  return {in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Value y = call.node.outputs[0];
  return y.graph().add_node(kSigmoidGrad, {}, {call.output_gradients[0], y});
}

void reference(const ReferenceCall& call) {
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i)
    call.outputs[0].data[i] = 1 / (1 + std::exp(-call.inputs[0]->data[i]));
}

std::vector<TensorType> grad_shape(const Attributes&, TypeList in) {
  expect_same("dy", in[0], "y", in[1]);
  return {in[0]};
}

void grad_reference(const ReferenceCall& call) {
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i) {
    const double y = call.inputs[1]->data[i];
    call.outputs[0].data[i] = call.inputs[0]->data[i] * y * (1 - y);
  }
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  onnx.add({"Sigmoid", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}});
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  return {sigmoid(onnx.value(node.inputs.at(0)))};
}

constexpr OnnxImport kImports[] = {{"Sigmoid", from_onnx}};

}  // namespace

const Operator kSigmoid{.name = "sigmoid",
                        .shape = shape,
                        .gradient = gradient,
                        .reference = reference,
                        .to_onnx = to_onnx,
                        .from_onnx = kImports};

/// dx = dy y (1 - y). Inputs: dy, y.
const Operator kSigmoidGrad{.name = "sigmoid_grad", .shape = grad_shape, .reference = grad_reference};

Value sigmoid(Value x) { return x.graph().add_node(kSigmoid, {}, {x})[0]; }

}  // namespace inlay
