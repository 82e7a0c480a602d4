#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/conv_geometry.h"
#include "ops/conv_onnx.h"
#include "ops/joined.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// The convolution whose transpose this is: x and y trade places.
ConvGeometry geometry(const ConvTranspose2dOptions& o, const TensorType& x, const TensorType& weight) {
  expect_picture("x", x);
  if (weight.dtype != DType::f32 || weight.shape.rank() != 4)
    fail_input("weight is {}, expected f32 with shape MxCxKHxKW", to_string(weight));
  const Shape &xs = x.shape, &ws = weight.shape;
  if (ws[0] != xs[1]) fail_input("x has {} channels, the weight {} expects {}", xs[1], to_string(ws), ws[0]);
  const auto check = [](std::string_view axis, std::int64_t extra, std::int64_t stride) {
    if (extra < 0 || (extra > 0 && extra >= stride))
      fail_input("output_padding along the {} is {}, expected 0 to stride - 1 = {}", axis, extra, stride - 1);
  };
  check("height", o.output_padding.h, o.stride.h);
  check("width", o.output_padding.w, o.stride.w);
  const auto size = [](std::string_view axis, std::int64_t in, std::int64_t stride, std::int64_t before,
                       std::int64_t after, std::int64_t extent, std::int64_t extra) {
    const std::int64_t out = (in - 1) * stride - before - after + extent + extra;
    if (out < 1) fail_input("the output's {} would be {}: the padding {}+{} takes all of it", axis, out, before, after);
    return out;
  };
  const std::int64_t h = size("height", xs[2], o.stride.h, o.padding.top, o.padding.bottom,
                              o.dilation.h * (ws[2] - 1) + 1, o.output_padding.h);
  const std::int64_t w = size("width", xs[3], o.stride.w, o.padding.left, o.padding.right,
                              o.dilation.w * (ws[3] - 1) + 1, o.output_padding.w);
  return conv_geometry({DType::f32, {xs[0], ws[1] * o.groups, h, w}}, weight, o.stride, o.padding, o.dilation,
                       o.groups);
}

/// One output, or one for each number of channels in `split`.
std::vector<TensorType> split_types(const std::vector<std::int64_t>& split, const Shape& all) {
  if (split.empty()) return {{DType::f32, all}};
  std::vector<TensorType> types;
  std::int64_t sum = 0;
  for (const std::int64_t channels : split) {
    if (channels < 1) fail_input("split has a part of {} channels, expected 1 or more", channels);
    types.push_back({DType::f32, {all[0], channels, all[2], all[3]}});
    sum += channels;
  }
  if (sum != all[1]) fail_input("split adds up to {} channels, the result has {}", sum, all[1]);
  return types;
}

/// With norm_sums: x, weight, no bias, then the batch norm's x, scale, shift, mean and inverse deviation.
constexpr std::size_t kNormSumsInputs = 8;

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<ConvTranspose2dOptions>(attributes);
  const auto g = geometry(o, in[0], in[1]);
  if (!is_absent(in[2])) expect_type("bias", in[2], DType::f32, {g.c});
  std::vector<TensorType> types = split_types(o.split, {g.n, g.c, g.h, g.w});
  if (!o.norm_sums) return types;
  if (in.size() != kNormSumsInputs || types.size() > 1)
    fail_input("there are {} inputs and {} results, expected {} and 1", in.size(), types.size(), kNormSumsInputs);
  expect_same("the batch norm's x", in[3], "the result", types[0]);
  const TensorType number{DType::f32, {g.c}};
  for (std::size_t i = 4; i < kNormSumsInputs; ++i) expect_type("a number a channel", in[i], DType::f32, number.shape);
  types.insert(types.end(), {number, number});
  return types;
}

/// The gradients of scale and shift, by the result: of a batch norm whose ReLU's gradient it is.
void sum_norm(const ReferenceCall& call, const Shape& s) {
  const auto& [x, scale, shift, mean, inverse] = std::tie(
      call.inputs[3]->data, call.inputs[4]->data, call.inputs[5]->data, call.inputs[6]->data, call.inputs[7]->data);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto c = static_cast<std::size_t>(static_cast<std::int64_t>(i) / (s[2] * s[3]) % s[1]);
    const double normal = (x[i] - mean[c]) * inverse[c];
    if (normal * scale[c] + shift[c] <= 0) continue;
    call.outputs[1].data[c] += call.outputs[0].data[i] * normal;
    call.outputs[2].data[c] += call.outputs[0].data[i];
  }
}

std::vector<Value> gradient(const GradientCall& call) {
  expect_unfused(call.node, call.node.inputs.size());
  const auto o = from_attributes<ConvTranspose2dOptions>(call.node.attributes);
  const Value x = call.node.inputs[0], w = call.node.inputs[1], bias = call.node.inputs[2];
  const Value dy = call.output_gradients[0];
  // First: x need not stay beside dx.
  const auto dw = conv2d_weight_grad(dy, x, {o.stride, o.padding, o.dilation, o.groups, {w.shape()[2], w.shape()[3]}});
  const Value db = bias ? reshape(reduce_sum(dy, {0, 2, 3}), bias.shape()) : Value();
  const Value dx = conv2d(dy, w, {o.stride, o.padding, o.dilation, o.groups});
  return {dx, dw[0], db};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<ConvTranspose2dOptions>(call.attributes);
  const auto& [x, w, bias] = std::tie(*call.inputs[0], *call.inputs[1], call.inputs[2]);
  const auto g = geometry(o, x.type, w.type);
  std::vector<double> y(static_cast<std::size_t>(g.n * g.c * g.h * g.w), 0.0);
  for_each_product(
      g, [&](std::int64_t big, std::int64_t small, std::int64_t wi) { y[big] += x.data[small] * w.data[wi]; });
  for (std::size_t i = 0; bias && i < y.size(); ++i)
    y[i] += bias->data[static_cast<std::int64_t>(i) / (g.h * g.w) % g.c];
  auto from = y.begin();
  for (std::int64_t n = 0; n < g.n; ++n)
    for (ReferenceTensor& part : call.outputs.first(std::max<std::size_t>(1, o.split.size()))) {
      const auto size = part.type.shape[1] * g.h * g.w;
      std::copy_n(from, size, part.data.begin() + n * size);
      from += size;
    }
  if (o.norm_sums) sum_norm(call, {g.n, g.c, g.h, g.w});
}

Window window(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<ConvTranspose2dOptions>(attributes);
  const auto inputs_seen = [](std::int64_t kernel, std::int64_t dilation, std::int64_t stride) {
    return std::ceil(static_cast<double>(dilation * (kernel - 1) + 1) / static_cast<double>(stride));
  };
  return {inputs_seen(in[1].shape[2], o.dilation.h, o.stride.h), inputs_seen(in[1].shape[3], o.dilation.w, o.stride.w),
          1.0 / static_cast<double>(o.stride.h), 1.0 / static_cast<double>(o.stride.w)};
}

std::int64_t multiply_adds(const Attributes& attributes, TypeList in, TypeList) {
  const auto g = geometry(from_attributes<ConvTranspose2dOptions>(attributes), in[0], in[1]);
  return g.n * g.m * g.oh * g.ow * (g.c / g.groups) * g.kh * g.kw;
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  expect_unfused(node, node.inputs.size());
  conv_to_onnx(onnx, node, "ConvTranspose", from_attributes<ConvTranspose2dOptions>(node.attributes));
}

/// bed_of_nails2d is written as a transposed convolution with a single constant 1 per channel.
bool is_bed_of_nails(OnnxImporter& onnx, const OnnxNode& node, const ConvTranspose2dOptions& o) {
  if (node.inputs.size() != 2 || o.stride == Size2(1) || !(o.padding == Padding(0))) return false;
  if (!(o.output_padding == Size2(o.stride.h - 1, o.stride.w - 1))) return false;
  const auto weight = onnx.floats(node.inputs[1]);
  const Shape x = onnx.value(node.inputs[0]).shape();
  return weight && x.rank() == 4 && x[1] == o.groups && std::cmp_equal(weight->size(), o.groups) &&
         std::ranges::all_of(*weight, [](double w) { return w == 1; });
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const auto o = conv_from_onnx<ConvTranspose2dOptions>(node);
  if (is_bed_of_nails(onnx, node, o)) return {bed_of_nails2d(onnx.value(node.inputs[0]), {o.stride})};
  return {conv_transpose2d(onnx.value(node.inputs.at(0)), onnx.value(node.inputs.at(1)),
                           onnx.value(input_name(node, 2)), o)};
}

constexpr OnnxImport kImports[] = {{"ConvTranspose", from_onnx}};

}  // namespace

const Operator kConvTranspose2d{.name = "conv_transpose2d",
                                .shape = shape,
                                .gradient = gradient,
                                .reference = reference,
                                .window = window,
                                .multiply_adds = multiply_adds,
                                .to_onnx = to_onnx,
                                .from_onnx = kImports};

Value conv_transpose2d(Value x, Value weight, Value bias, const ConvTranspose2dOptions& options) {
  return x.graph().add_node(kConvTranspose2d, to_attributes(options), {x, weight, bias})[0];
}

Value conv_transpose2d(Value x, Value weight, const ConvTranspose2dOptions& options) {
  return conv_transpose2d(x, weight, {}, options);
}

}  // namespace inlay
