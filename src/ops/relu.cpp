#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) { return {in[0]}; }

std::vector<Value> gradient(const GradientCall& call) {
  return call.node.outputs[0].graph().add_node(kReluGrad, {}, {call.output_gradients[0], call.node.outputs[0]});
}

void reference(const ReferenceCall& call) {
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i)
    call.outputs[0].data[i] = std::max(call.inputs[0]->data[i], 0.0);
}

std::vector<TensorType> grad_shape(const Attributes&, TypeList in) {
  expect_same("dy", in[0], "y", in[1]);
  return {in[0]};
}

void grad_reference(const ReferenceCall& call) {
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i)
    call.outputs[0].data[i] = call.inputs[1]->data[i] > 0 ? call.inputs[0]->data[i] : 0.0;
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  onnx.add({"Relu", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}});
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) { return {relu(onnx.value(node.inputs.at(0)))}; }

constexpr OnnxImport kImports[] = {{"Relu", from_onnx}};

}  // namespace

const Operator kRelu{.name = "relu",
                     .shape = shape,
                     .gradient = gradient,
                     .reference = reference,
                     .to_onnx = to_onnx,
                     .from_onnx = kImports};

/// dx = dy where y > 0: the output's sign is enough, so the input need not be kept.
const Operator kReluGrad{.name = "relu_grad", .shape = grad_shape, .reference = grad_reference};

Value relu(Value x) { return x.graph().add_node(kRelu, {}, {x})[0]; }

}  // namespace inlay
