#include <algorithm>
#include <limits>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

ClipOptions checked_options(const Attributes& attributes) {
  const auto o = from_attributes<ClipOptions>(attributes);
  if (!(o.low <= o.high)) fail_input("low is {} and high is {}, expected low <= high", o.low, o.high);
  return o;
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  checked_options(attributes);
  expect_f32("x", in[0]);
  return {in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Value y = call.node.outputs[0];
  return y.graph().add_node(kClipGrad, call.node.attributes, {call.output_gradients[0], y});
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<ClipOptions>(call.attributes);
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i)
    call.outputs[0].data[i] = std::clamp(call.inputs[0]->data[i], o.low, o.high);
}

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  checked_options(attributes);
  expect_same("dy", in[0], "y", in[1]);
  return {in[0]};
}

void grad_reference(const ReferenceCall& call) {
  const auto o = from_attributes<ClipOptions>(call.attributes);
  for (std::size_t i = 0; i < call.outputs[0].data.size(); ++i) {
    const double y = call.inputs[1]->data[i];
    call.outputs[0].data[i] = y > o.low && y < o.high ? call.inputs[0]->data[i] : 0.0;
  }
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<ClipOptions>(node.attributes);
  const auto scalar = [&](const char* name, double number) {
    return onnx.constant(name, Tensor::filled({}, static_cast<float>(number)));
  };
  onnx.add({"Clip",
            {onnx.name(node.inputs[0]), scalar("min", o.low), scalar("max", o.high)},
            {onnx.name(node.outputs[0])},
            {}});
}

/// Input `i`, or the attribute that opset 6 has in its place; without either there is no bound.
double bound(OnnxImporter& onnx, const OnnxNode& node, std::size_t i, const char* name, double none) {
  const std::string input = input_name(node, i);
  if (input.empty()) return onnx_attribute<double>(node, name, none);
  const auto numbers = onnx.floats(input);
  if (!numbers || numbers->size() != 1) fail_input("the input '{}' ({}) is no constant number", input, name);
  return numbers->front();
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  constexpr double kLargest = std::numeric_limits<float>::max();
  return {clip(onnx.value(node.inputs.at(0)),
               {bound(onnx, node, 1, "min", -kLargest), bound(onnx, node, 2, "max", kLargest)})};
}

constexpr OnnxImport kImports[] = {{"Clip", from_onnx}};

}  // namespace

const Operator kClip{.name = "clip",
                     .shape = shape,
                     .gradient = gradient,
                     .reference = reference,
                     .to_onnx = to_onnx,
                     .from_onnx = kImports};

/// dx = dy where low < y < high, as low < x < high: the input need not be kept.
const Operator kClipGrad{.name = "clip_grad", .shape = grad_shape, .reference = grad_reference};

Value clip(Value x, const ClipOptions& options) { return x.graph().add_node(kClip, to_attributes(options), {x})[0]; }

}  // namespace inlay
