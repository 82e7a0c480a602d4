#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  expect_picture("x", in[0]);
  expect_type("slope", in[1], DType::f32, {in[0].shape[1]});
  return {in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Value x = call.node.inputs[0], slope = call.node.inputs[1];
  return x.graph().add_node(kPreluGrad, {}, {call.output_gradients[0], x, slope});
}

std::size_t channel(const Shape& x, std::size_t i) {
  return i / static_cast<std::size_t>(x[2] * x[3]) % static_cast<std::size_t>(x[1]);
}

void reference(const ReferenceCall& call) {
  const auto& [x, slope] = std::tie(*call.inputs[0], *call.inputs[1]);
  for (std::size_t i = 0; i < x.data.size(); ++i)
    call.outputs[0].data[i] = x.data[i] > 0 ? x.data[i] : slope.data[channel(x.type.shape, i)] * x.data[i];
}

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  expect_same("dy", in[0], "x", in[1]);
  shape(attributes, in.subspan(1));
  return {in[0], in[2]};
}

void grad_reference(const ReferenceCall& call) {
  const auto& [dy, x, slope] = std::tie(*call.inputs[0], *call.inputs[1], *call.inputs[2]);
  for (std::size_t i = 0; i < x.data.size(); ++i) {
    const std::size_t c = channel(x.type.shape, i);
    call.outputs[0].data[i] = dy.data[i] * (x.data[i] > 0 ? 1.0 : slope.data[c]);
    if (x.data[i] <= 0) call.outputs[1].data[c] += dy.data[i] * x.data[i];
  }
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const std::string slope = onnx.fresh("slope");
  const std::int64_t channels = node.inputs[1].shape()[0];
  onnx.add({"Reshape",
            {onnx.name(node.inputs[1]), onnx.constant("slope_shape", std::vector<std::int64_t>{channels, 1, 1})},
            {slope},
            {}});
  onnx.add({"PRelu", {onnx.name(node.inputs[0]), slope}, {onnx.name(node.outputs[0])}, {}});
}

/// Slopes stand at axis 0 here and at axis 1 of pictures there: what only reshapes them, as to_onnx() does, is looked
/// through.
Value as_list(Value slope, std::int64_t channels) {
  while (slope.node() && slope.node()->op == &kReshape) slope = slope.node()->inputs[0];
  return slope.shape() == Shape{channels} ? slope : reshape(slope, {channels});
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0)), slope = onnx.value(node.inputs.at(1));
  expect_picture("x", x.type());
  const std::int64_t channels = x.shape()[1], slopes = slope.shape().elements();
  if (slopes == channels) return {prelu(x, as_list(slope, channels))};
  if (slopes != 1)
    fail_input("slope is {}, expected one number for each of {} channels", to_string(slope.type()), channels);
  return {prelu(x, mul(fill(onnx.graph(), {channels}, 1), reshape(slope, {1})))};
}

constexpr OnnxImport kImports[] = {{"PRelu", from_onnx}};

}  // namespace

const Operator kPrelu{.name = "prelu",
                      .shape = shape,
                      .gradient = gradient,
                      .reference = reference,
                      .to_onnx = to_onnx,
                      .from_onnx = kImports};

/// The gradients with respect to x and slope. Inputs: dy, x, slope.
const Operator kPreluGrad{.name = "prelu_grad", .shape = grad_shape, .reference = grad_reference};

Value prelu(Value x, Value slope) { return x.graph().add_node(kPrelu, {}, {x, slope})[0]; }

}  // namespace inlay
