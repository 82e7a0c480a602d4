#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/conv_geometry.h"
#include "ops/conv_onnx.h"
#include "ops/joined.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// Inputs: x, weight, bias, then further sources joined with x.
constexpr std::size_t kSingle = 3;

ConvGeometry geometry(const Conv2dOptions& o, TypeList in) {
  return conv_geometry(joined("x", in[0], in.subspan(kSingle)), in[1], o.stride, o.padding, o.dilation, o.groups);
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto g = geometry(from_attributes<Conv2dOptions>(attributes), in);
  if (!is_absent(in[2])) expect_type("bias", in[2], DType::f32, {g.m});
  return {{DType::f32, {g.n, g.m, g.oh, g.ow}}};
}

std::vector<Value> gradient(const GradientCall& call) {
  expect_unfused(call.node, kSingle);
  const auto o = from_attributes<Conv2dOptions>(call.node.attributes);
  const Value x = call.node.inputs[0], w = call.node.inputs[1], bias = call.node.inputs[2];
  const Value dy = call.output_gradients[0];
  const auto g = conv_geometry(x.type(), w.type(), o.stride, o.padding, o.dilation, o.groups);
  // First: x need not stay beside dx.
  const auto dw =
      conv2d_weight_grad(x, dy, {o.stride, o.padding, o.dilation, o.groups, {g.kh, g.kw}, static_cast<bool>(bias)});
  const Value dx = conv_transpose2d(dy, w, {o.stride, o.padding, o.dilation, o.groups, conv_output_padding(g)});
  return {dx, dw[0], bias ? dw[1] : Value()};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<Conv2dOptions>(call.attributes);
  const ReferenceTensor x = joined(*call.inputs[0], call.inputs.subspan(kSingle));
  const auto& [w, bias] = std::tie(*call.inputs[1], call.inputs[2]);
  const auto g = conv_geometry(x.type, w.type, o.stride, o.padding, o.dilation, o.groups);
  auto& y = call.outputs[0].data;
  for_each_product(g, [&](std::int64_t xi, std::int64_t yi, std::int64_t wi) { y[yi] += x.data[xi] * w.data[wi]; });
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (bias) y[i] += bias->data[static_cast<std::int64_t>(i) / (g.oh * g.ow) % g.m];
    if (o.activation == Activation::relu) y[i] = std::max(y[i], 0.0);
  }
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
  expect_unfused(node, kSingle);
  conv_to_onnx(onnx, node, "Conv", from_attributes<Conv2dOptions>(node.attributes));
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
