#include <algorithm>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<PadChannelsOptions>(attributes);
  expect_picture("x", in[0]);
  if (o.front < 0 || o.behind < 0) fail_input("{} channels in front and {} behind, expected >= 0", o.front, o.behind);
  const Shape& x = in[0].shape;
  return {{DType::f32, {x[0], o.front + x[1] + o.behind, x[2], x[3]}}};
}

std::vector<Value> gradient(const GradientCall& call) {
  const std::int64_t front = from_attributes<PadChannelsOptions>(call.node.attributes).front;
  return {slice(call.output_gradients[0], {.axis = 1, .begin = front, .end = front + call.node.inputs[0].shape()[1]})};
}

void reference(const ReferenceCall& call) {
  const std::int64_t front = from_attributes<PadChannelsOptions>(call.attributes).front;
  const Shape &x = call.inputs[0]->type.shape, &y = call.outputs[0].type.shape;
  const std::int64_t plane = x[2] * x[3];
  for (std::int64_t n = 0; n < x[0]; ++n)
    std::copy_n(call.inputs[0]->data.begin() + n * x[1] * plane, x[1] * plane,
                call.outputs[0].data.begin() + (n * y[1] + front) * plane);
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<PadChannelsOptions>(node.attributes);
  const std::string pads = onnx.constant("pads", {0, o.front, 0, 0, 0, o.behind, 0, 0});
  onnx.add({"Pad", {onnx.name(node.inputs[0]), pads}, {onnx.name(node.outputs[0])}, {}});
}

}  // namespace

/// Read back by pad.
const Operator kPadChannels{
    .name = "pad_channels", .shape = shape, .gradient = gradient, .reference = reference, .to_onnx = to_onnx};

Value pad_channels(Value x, const PadChannelsOptions& options) {
  return x.graph().add_node(kPadChannels, to_attributes(options), {x})[0];
}

}  // namespace inlay
