#include "graph/options.h"
#include "inlay/ops.h"
#include "inlay/tensor.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  from_attributes<AffineOptions>(attributes);
  expect_f32("x", in[0]);
  return {in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {affine(call.output_gradients[0], from_attributes<AffineOptions>(call.node.attributes).scale)};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<AffineOptions>(call.attributes);
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i)
    call.outputs[0].data[i] = call.inputs[0]->data[i] * o.scale + o.shift;
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<AffineOptions>(node.attributes);
  const std::string x = onnx.name(node.inputs[0]), y = onnx.name(node.outputs[0]);
  const std::string scaled = o.shift == 0 ? y : onnx.fresh("scaled");
  onnx.add({"Mul", {x, onnx.constant("scale", Tensor::filled({}, static_cast<float>(o.scale)))}, {scaled}, {}});
  if (o.shift != 0)
    onnx.add({"Add", {scaled, onnx.constant("shift", Tensor::filled({}, static_cast<float>(o.shift)))}, {y}, {}});
}

}  // namespace

/// Read back through ONNX's Mul and Add.
const Operator kAffine{
    .name = "affine", .shape = shape, .gradient = gradient, .reference = reference, .to_onnx = to_onnx};

Value affine(Value x, double scale, double shift) {
  return x.graph().add_node(kAffine, to_attributes(AffineOptions{scale, shift}), {x})[0];
}

}  // namespace inlay
