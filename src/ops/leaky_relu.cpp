#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  from_attributes<LeakyReluOptions>(attributes);
  expect_f32("x", in[0]);
  return {in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Value x = call.node.inputs[0];
  return x.graph().add_node(kLeakyReluGrad, call.node.attributes, {call.output_gradients[0], x});
}

void reference(const ReferenceCall& call) {
  const double slope = from_attributes<LeakyReluOptions>(call.attributes).slope;
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i) {
    const double x = call.inputs[0]->data[i];
    call.outputs[0].data[i] = x > 0 ? x : slope * x;
  }
}

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  from_attributes<LeakyReluOptions>(attributes);
  expect_same("dy", in[0], "x", in[1]);
  return {in[0]};
}

void grad_reference(const ReferenceCall& call) {
  const double slope = from_attributes<LeakyReluOptions>(call.attributes).slope;
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i)
    call.outputs[0].data[i] = call.inputs[0]->data[i] * (call.inputs[1]->data[i] > 0 ? 1.0 : slope);
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  OnnxNode leaky{"LeakyRelu", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}};
  leaky.attributes.set("alpha", from_attributes<LeakyReluOptions>(node.attributes).slope);
  onnx.add(std::move(leaky));
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  LeakyReluOptions o;
  if (const auto* a = node.attributes.find("alpha")) from_attribute("alpha", *a, o.slope);
  return {leaky_relu(onnx.value(node.inputs.at(0)), o)};
}

constexpr OnnxImport kImports[] = {{"LeakyRelu", from_onnx}};

}  // namespace

const Operator kLeakyRelu{.name = "leaky_relu",
                          .shape = shape,
                          .gradient = gradient,
                          .reference = reference,
                          .to_onnx = to_onnx,
                          .from_onnx = kImports};

/// dx = dy where x > 0, slope * dy elsewhere. Inputs: dy, x.
const Operator kLeakyReluGrad{.name = "leaky_relu_grad", .shape = grad_shape, .reference = grad_reference};

Value leaky_relu(Value x, const LeakyReluOptions& options) {
  return x.graph().add_node(kLeakyRelu, to_attributes(options), {x})[0];
}

}  // namespace inlay
