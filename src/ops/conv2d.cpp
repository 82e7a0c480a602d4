#include <algorithm>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/conv2d_inputs.h"
#include "ops/conv_geometry.h"
#include "ops/conv_onnx.h"
#include "ops/joined.h"
#include "ops/operators.h"

namespace inlay {
namespace {

ConvGeometry geometry(const Conv2dOptions& o, TypeList in) {
  return conv_geometry(Conv2dInputs(o).sources.joined(in), in[1], o.stride, o.padding, o.dilation, o.groups);
}

void expect_plain(const Node& node, const Conv2dOptions& o) {
  const bool plain = o.activation == Activation::none && o.up_sampled.empty();
  expect_unfused(node, plain ? Conv2dInputs({}).sources.more : 0);
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<Conv2dOptions>(attributes);
  const Conv2dInputs at(o);
  const auto g = geometry(o, in);
  const TensorType y{DType::f32, {g.n, g.m, g.oh, g.ow}};
  if (!is_absent(in[2])) expect_type("bias", in[2], DType::f32, {g.m});
  if (at.other > 0) expect_type("the picture to add", in[at.other], DType::f32, y.shape);
  if (at.slope > 0) expect_type("slope", in[at.slope], DType::f32, {g.m});
  if (o.max_pool) {
    if (g.oh % 2 != 0 || g.ow % 2 != 0 || o.statistics || o.add)
      fail_input("2x2 max-pooling on the way is of y of even sides, without sum and statistics");
    return {y, {DType::f32, {g.n, g.m, g.oh / 2, g.ow / 2}}};
  }
  if (!o.statistics) return {y};
  if (o.activation != Activation::none || o.add) fail_input("statistics are of y without sum and activation");
  const TensorType number{DType::f32, {g.m}};
  return {y, number, number};
}

std::vector<Value> gradient(const GradientCall& call) {
  const auto o = from_attributes<Conv2dOptions>(call.node.attributes);
  expect_plain(call.node, o);
  const Value x = call.node.inputs[0], w = call.node.inputs[1], bias = call.node.inputs[2];
  const Value dy = call.output_gradients[0];
  const auto g = conv_geometry(x.type(), w.type(), o.stride, o.padding, o.dilation, o.groups);
  // First: x need not stay beside dx.
  const auto dw =
      conv2d_weight_grad(x, dy, {o.stride, o.padding, o.dilation, o.groups, {g.kh, g.kw}, static_cast<bool>(bias)});
  const Value dx = conv_transpose2d(dy, w, {o.stride, o.padding, o.dilation, o.groups, conv_output_padding(g)});
  return {dx, dw[0], bias ? dw[1] : Value()};
}

double activated(double y, const Conv2dOptions& o, const ReferenceTensor* slopes, std::int64_t channel) {
  if (o.activation == Activation::none || y > 0) return y;
  if (o.activation == Activation::relu) return 0;
  return (slopes ? slopes->data[static_cast<std::size_t>(channel)] : o.slope) * y;
}

/// Mean and biased variance of each channel.
void write_statistics(const ReferenceTensor& y, std::vector<double>& mean, std::vector<double>& variance) {
  const Shape& s = y.type.shape;
  const std::int64_t plane = s[2] * s[3];
  const auto for_each = [&](auto body) {
    for (std::size_t i = 0; i < y.data.size(); ++i)
      body(static_cast<std::size_t>(static_cast<std::int64_t>(i) / plane % s[1]), y.data[i]);
  };
  const auto count = static_cast<double>(s[0] * plane);
  for_each([&](std::size_t c, double value) { mean[c] += value / count; });
  for_each([&](std::size_t c, double value) { variance[c] += (value - mean[c]) * (value - mean[c]) / count; });
}

void write_max_pool(const ReferenceTensor& y, ReferenceTensor& pooled) {
  const std::int64_t width = pooled.type.shape[3];
  for (std::size_t i = 0; i < pooled.data.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i), row = at / width, column = at % width;  // rows of all planes
    const double* first = y.data.data() + 2 * row * 2 * width + 2 * column;
    pooled.data[i] = std::max({first[0], first[1], first[2 * width], first[2 * width + 1]});
  }
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<Conv2dOptions>(call.attributes);
  const Conv2dInputs at(o);
  const ReferenceTensor x = at.sources.joined(call.inputs);
  const auto& [w, bias] = std::tie(*call.inputs[1], call.inputs[2]);
  const auto g = conv_geometry(x.type, w.type, o.stride, o.padding, o.dilation, o.groups);
  auto& y = call.outputs[0].data;
  for_each_product(g, [&](std::int64_t xi, std::int64_t yi, std::int64_t wi) { y[yi] += x.data[xi] * w.data[wi]; });
  for (std::size_t i = 0; i < y.size(); ++i) {
    const std::int64_t channel = static_cast<std::int64_t>(i) / (g.oh * g.ow) % g.m;
    if (bias) y[i] += bias->data[static_cast<std::size_t>(channel)];
    if (at.other > 0) y[i] += call.inputs[at.other]->data[i];
    y[i] = activated(y[i], o, at.slope > 0 ? call.inputs[at.slope] : nullptr, channel);
  }
  if (o.statistics) write_statistics(call.outputs[0], call.outputs[1].data, call.outputs[2].data);
  if (o.max_pool) write_max_pool(call.outputs[0], call.outputs[1]);
}

Window window(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<Conv2dOptions>(attributes);
  return {static_cast<double>(o.dilation.h * (in[1].shape[2] - 1) + 1),
          static_cast<double>(o.dilation.w * (in[1].shape[3] - 1) + 1), static_cast<double>(o.stride.h),
          static_cast<double>(o.stride.w)};
}

std::int64_t multiply_adds(const Attributes& attributes, TypeList in, TypeList) {
  return geometry(from_attributes<Conv2dOptions>(attributes), in).multiply_adds();
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<Conv2dOptions>(node.attributes);
  expect_plain(node, o);
  conv_to_onnx(onnx, node, "Conv", o);
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const auto o = conv_from_onnx<Conv2dOptions>(node);
  return {conv2d(onnx.value(node.inputs.at(0)), onnx.value(node.inputs.at(1)), onnx.value(input_name(node, 2)), o)};
}

constexpr OnnxImport kImports[] = {{"Conv", from_onnx}};

}  // namespace

const Operator kConv2d{.name = "conv2d",
                       .shape = shape,
                       .gradient = gradient,
                       .reference = reference,
                       .window = window,
                       .multiply_adds = multiply_adds,
                       .to_onnx = to_onnx,
                       .from_onnx = kImports};

Value conv2d(Value x, Value weight, Value bias, const Conv2dOptions& options) {
  return x.graph().add_node(kConv2d, to_attributes(options), {x, weight, bias})[0];
}

Value conv2d(Value x, Value weight, const Conv2dOptions& options) { return conv2d(x, weight, {}, options); }

}  // namespace inlay
