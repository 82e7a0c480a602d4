#include <algorithm>
#include <cmath>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  expect_picture("x", in[0]);
  return {in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Value y = call.node.outputs[0];
  return y.graph().add_node(kSoftmaxGrad, {}, {call.output_gradients[0], y});
}

/// Calls f(index of the pixel's first channel, step from channel to channel, channels) for each pixel.
template <class F>
void for_each_pixel(const Shape& s, F f) {
  const std::int64_t plane = s[2] * s[3];
  for (std::int64_t n = 0; n < s[0]; ++n)
    for (std::int64_t p = 0; p < plane; ++p) f(n * s[1] * plane + p, plane, s[1]);
}

void reference(const ReferenceCall& call) {
  const double* x = call.inputs[0]->data.data();
  double* y = call.outputs[0].data.data();
  for_each_pixel(call.outputs[0].type.shape, [&](std::int64_t first, std::int64_t step, std::int64_t channels) {
    double largest = x[first], sum = 0;
    for (std::int64_t c = 0; c < channels; ++c) largest = std::max(largest, x[first + c * step]);
    for (std::int64_t c = 0; c < channels; ++c) sum += y[first + c * step] = std::exp(x[first + c * step] - largest);
    for (std::int64_t c = 0; c < channels; ++c) y[first + c * step] /= sum;
  });
}

std::vector<TensorType> grad_shape(const Attributes&, TypeList in) {
  expect_picture("y", in[1]);
  expect_same("dy", in[0], "y", in[1]);
  return {in[0]};
}

void grad_reference(const ReferenceCall& call) {
  const double *dy = call.inputs[0]->data.data(), *y = call.inputs[1]->data.data();
  double* dx = call.outputs[0].data.data();
  for_each_pixel(call.outputs[0].type.shape, [&](std::int64_t first, std::int64_t step, std::int64_t channels) {
    double dot = 0;
    for (std::int64_t c = 0; c < channels; ++c) dot += dy[first + c * step] * y[first + c * step];
    for (std::int64_t c = 0; c < channels; ++c)
      dx[first + c * step] = y[first + c * step] * (dy[first + c * step] - dot);
  });
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  OnnxNode softmax{"Softmax", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}};
  softmax.attributes.set("axis", std::int64_t{1});
  onnx.add(std::move(softmax));
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0));
  AxisOptions o{-1};
  if (const auto* a = node.attributes.find("axis")) from_attribute("axis", *a, o.axis);
  if (o.axis != 1 && o.axis != 1 - x.shape().rank())
    fail_input("axis is {}, only the channels (axis 1) are supported", o.axis);
  return {softmax(x)};
}

constexpr OnnxImport kImports[] = {{"Softmax", from_onnx}};

}  // namespace

const Operator kSoftmax{.name = "softmax",
                        .shape = shape,
                        .gradient = gradient,
                        .reference = reference,
                        .to_onnx = to_onnx,
                        .from_onnx = kImports};

/// dx = y (dy - sum over the channels of dy y). Inputs: dy, y.
const Operator kSoftmaxGrad{.name = "softmax_grad", .shape = grad_shape, .reference = grad_reference};

Value softmax(Value x) { return x.graph().add_node(kSoftmax, {}, {x})[0]; }

}  // namespace inlay
