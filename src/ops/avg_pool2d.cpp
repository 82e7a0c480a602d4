#include <algorithm>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"
#include "ops/pool_geometry.h"

namespace inlay {
namespace {

/// Pixels of the window that starts at `begin`, with the padding or without; what overhangs beyond the padding never
/// counts.
std::int64_t window_size(std::int64_t begin, std::int64_t kernel, std::int64_t size, std::int64_t after,
                         bool with_padding) {
  if (with_padding) return std::min(begin + kernel, size + after) - begin;
  return std::min(begin + kernel, size) - std::max<std::int64_t>(begin, 0);
}

/// Calls body(x index, y index, weight) for every pixel of every window.
template <class Body>
void for_each_pixel(const PoolGeometry& g, bool with_padding, Body&& body) {
  for (std::int64_t plane = 0; plane < g.n * g.c; ++plane)
    for (std::int64_t oy = 0; oy < g.oh; ++oy)
      for (std::int64_t ox = 0; ox < g.ow; ++ox) {
        const std::int64_t top = oy * g.stride.h - g.padding.top, left = ox * g.stride.w - g.padding.left;
        const std::int64_t pixels = window_size(top, g.kernel.h, g.h, g.padding.bottom, with_padding) *
                                    window_size(left, g.kernel.w, g.w, g.padding.right, with_padding);
        for (std::int64_t y = std::max<std::int64_t>(top, 0); y < std::min(top + g.kernel.h, g.h); ++y)
          for (std::int64_t x = std::max<std::int64_t>(left, 0); x < std::min(left + g.kernel.w, g.w); ++x)
            body(static_cast<std::size_t>((plane * g.h + y) * g.w + x),
                 static_cast<std::size_t>((plane * g.oh + oy) * g.ow + ox), 1.0 / static_cast<double>(pixels));
      }
}

PoolGeometry undilated_geometry(const Attributes& attributes, const TensorType& x) {
  const auto o = from_attributes<Pool2dOptions>(attributes);
  if (o.dilation != Size2(1)) fail_input("average pooling takes no dilation, only max pooling does");
  return pool_geometry(o, x);
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  return {{DType::f32, undilated_geometry(attributes, in[0]).output()}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {avg_pool2d_transpose(call.output_gradients[0], call.node.inputs[0],
                               from_attributes<Pool2dOptions>(call.node.attributes))};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<Pool2dOptions>(call.attributes);
  for_each_pixel(pool_geometry(o, call.inputs[0]->type), o.count_include_pad,
                 [&](std::size_t x, std::size_t y, double weight) {
                   call.outputs[0].data[y] += weight * call.inputs[0]->data[x];
                 });
}

std::vector<TensorType> transpose_shape(const Attributes& attributes, TypeList in) {
  const PoolGeometry g = undilated_geometry(attributes, in[1]);
  expect_type("x", in[0], DType::f32, g.output());
  return {in[1]};
}

std::vector<Value> transpose_gradient(const GradientCall& call) {
  return {avg_pool2d(call.output_gradients[0], from_attributes<Pool2dOptions>(call.node.attributes)), Value()};
}

void transpose_reference(const ReferenceCall& call) {
  const auto o = from_attributes<Pool2dOptions>(call.attributes);
  for_each_pixel(pool_geometry(o, call.outputs[0].type), o.count_include_pad,
                 [&](std::size_t x, std::size_t y, double weight) {
                   call.outputs[0].data[x] += weight * call.inputs[0]->data[y];
                 });
}

Window window(const Attributes& attributes, TypeList) {
  return pool_window(from_attributes<Pool2dOptions>(attributes));
}

/// What turns a sum divided by the whole kernel into one divided by the part of it that lies within the padding.
Tensor overhang_correction(const PoolGeometry& g) {
  Tensor factors(DType::f32, {1, 1, g.oh, g.ow});
  for (std::int64_t oy = 0; oy < g.oh; ++oy)
    for (std::int64_t ox = 0; ox < g.ow; ++ox) {
      const std::int64_t pixels =
          window_size(oy * g.stride.h - g.padding.top, g.kernel.h, g.h, g.padding.bottom, true) *
          window_size(ox * g.stride.w - g.padding.left, g.kernel.w, g.w, g.padding.right, true);
      factors.data<float>()[static_cast<std::size_t>(oy * g.ow + ox)] =
          static_cast<float>(g.kernel.h * g.kernel.w) / static_cast<float>(pixels);
    }
  return factors;
}

/// Runtimes disagree about windows that overhang in ceil mode, so such a picture is padded explicitly.
void to_onnx(OnnxExporter& onnx, const Node& node) {
  auto o = from_attributes<Pool2dOptions>(node.attributes);
  const auto g = pool_geometry(o, node.inputs[0].type());
  const std::int64_t below =
      std::max<std::int64_t>(0, (g.oh - 1) * g.stride.h + g.kernel.h - g.h - o.padding.top - o.padding.bottom);
  const std::int64_t right =
      std::max<std::int64_t>(0, (g.ow - 1) * g.stride.w + g.kernel.w - g.w - o.padding.left - o.padding.right);
  OnnxNode pool{"AveragePool", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}};
  const bool overhangs = below > 0 || right > 0;
  if (overhangs) {
    o.padding = {o.padding.top, o.padding.left, o.padding.bottom + below, o.padding.right + right};
    o.ceil_mode = false;
  }
  write_pool(pool, o);
  pool.attributes.set("count_include_pad", std::int64_t{o.count_include_pad});
  if (!overhangs || !o.count_include_pad) return onnx.add(std::move(pool));
  const std::string mean = pool.outputs[0] = onnx.fresh("mean");
  onnx.add(std::move(pool));
  onnx.add({"Mul", {mean, onnx.constant("correction", overhang_correction(g))}, {onnx.name(node.outputs[0])}, {}});
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  Pool2dOptions o = read_pool(node);
  o.count_include_pad = onnx_attribute<std::int64_t>(node, "count_include_pad", 0) != 0;
  return {avg_pool2d(onnx.value(node.inputs.at(0)), o)};
}

constexpr OnnxImport kImports[] = {{"AveragePool", from_onnx}};

}  // namespace

const Operator kAvgPool2d{.name = "avg_pool2d",
                          .shape = shape,
                          .gradient = gradient,
                          .reference = reference,
                          .window = window,
                          .to_onnx = to_onnx,
                          .from_onnx = kImports};

const Operator kAvgPool2dTranspose{.name = "avg_pool2d_transpose",
                                   .shape = transpose_shape,
                                   .gradient = transpose_gradient,
                                   .reference = transpose_reference,
                                   .shape_only_inputs = 0b10};

Value avg_pool2d(Value x, const Pool2dOptions& options) {
  return x.graph().add_node(kAvgPool2d, to_attributes(options), {x})[0];
}

Value avg_pool2d_transpose(Value x, Value like, const Pool2dOptions& options) {
  return x.graph().add_node(kAvgPool2dTranspose, to_attributes(options), {x, like})[0];
}

}  // namespace inlay
