#include <algorithm>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/adaptive_avg_pool2d_onnx.h"
#include "ops/adaptive_bins.h"
#include "ops/checks.h"
#include "ops/operators.h"

namespace inlay {
namespace {

Size2 size_of(const Attributes& attributes) {
  const Size2 size = from_attributes<AdaptivePool2dOptions>(attributes).size;
  if (size.h < 1 || size.w < 1) fail_input("the size is {}x{}, expected >= 1", size.h, size.w);
  return size;
}

Shape pooled_shape(std::string_view what, const TensorType& x, Size2 size) {
  expect_picture(what, x);
  if (x.shape[2] < 1 || x.shape[3] < 1) fail_input("{} is {}, expected sizes >= 1", what, to_string(x));
  return {x.shape[0], x.shape[1], size.h, size.w};
}

/// Calls body(index in the picture, index in the pooled one, weight) for every pixel of every bin.
template <class Body>
void for_each_pixel(const Shape& picture, const Shape& pooled, Body&& body) {
  for (std::int64_t plane = 0; plane < picture[0] * picture[1]; ++plane)
    for (std::int64_t oy = 0; oy < pooled[2]; ++oy)
      for (std::int64_t ox = 0; ox < pooled[3]; ++ox) {
        const AdaptiveBin rows = adaptive_bin(oy, picture[2], pooled[2]),
                          columns = adaptive_bin(ox, picture[3], pooled[3]);
        const auto pixels = static_cast<double>((rows.end - rows.begin) * (columns.end - columns.begin));
        for (std::int64_t y = rows.begin; y < rows.end; ++y)
          for (std::int64_t x = columns.begin; x < columns.end; ++x)
            body(static_cast<std::size_t>((plane * picture[2] + y) * picture[3] + x),
                 static_cast<std::size_t>((plane * pooled[2] + oy) * pooled[3] + ox), 1 / pixels);
      }
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  return {{DType::f32, pooled_shape("x", in[0], size_of(attributes))}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {
      adaptive_avg_pool2d_transpose(call.output_gradients[0], call.node.inputs[0], {size_of(call.node.attributes)})};
}

void reference(const ReferenceCall& call) {
  for_each_pixel(call.inputs[0]->type.shape, call.outputs[0].type.shape,
                 [&](std::size_t picture, std::size_t pooled, double weight) {
                   call.outputs[0].data[pooled] += weight * call.inputs[0]->data[picture];
                 });
}

std::vector<TensorType> transpose_shape(const Attributes& attributes, TypeList in) {
  expect_type("x", in[0], DType::f32, pooled_shape("like", in[1], size_of(attributes)));
  return {in[1]};
}

std::vector<Value> transpose_gradient(const GradientCall& call) {
  return {adaptive_avg_pool2d(call.output_gradients[0], {size_of(call.node.attributes)}), Value()};
}

void transpose_reference(const ReferenceCall& call) {
  for_each_pixel(call.outputs[0].type.shape, call.inputs[0]->type.shape,
                 [&](std::size_t picture, std::size_t pooled, double weight) {
                   call.outputs[0].data[picture] += weight * call.inputs[0]->data[pooled];
                 });
}

Window window(const Attributes& attributes, TypeList in) {
  const Size2 size = size_of(attributes);
  const auto largest = [](std::int64_t extent, std::int64_t bins) {
    std::int64_t pixels = 1;
    for (std::int64_t i = 0; i < bins; ++i) {
      const AdaptiveBin bin = adaptive_bin(i, extent, bins);
      pixels = std::max(pixels, bin.end - bin.begin);
    }
    return static_cast<double>(pixels);
  };
  const auto ratio = [](std::int64_t extent, std::int64_t bins) {
    return static_cast<double>(extent) / static_cast<double>(bins);
  };
  const std::int64_t h = in[0].shape[2], w = in[0].shape[3];
  return {largest(h, size.h), largest(w, size.w), ratio(h, size.h), ratio(w, size.w), size == Size2(1)};
}

constexpr OnnxImport kImports[] = {{kOnnxAdaptiveAveragePool, read_adaptive_avg_pool}};

void to_onnx(OnnxExporter& onnx, const Node& node) { write_adaptive_avg_pool(onnx, node, size_of(node.attributes)); }

}  // namespace

const Operator kAdaptiveAvgPool2d{.name = "adaptive_avg_pool2d",
                                  .shape = shape,
                                  .gradient = gradient,
                                  .reference = reference,
                                  .window = window,
                                  .to_onnx = to_onnx,
                                  .from_onnx = kImports};

const Operator kAdaptiveAvgPool2dTranspose{.name = "adaptive_avg_pool2d_transpose",
                                           .shape = transpose_shape,
                                           .gradient = transpose_gradient,
                                           .reference = transpose_reference,
                                           .shape_only_inputs = 0b10};

Value adaptive_avg_pool2d(Value x, const AdaptivePool2dOptions& options) {
  return x.graph().add_node(kAdaptiveAvgPool2d, to_attributes(options), {x})[0];
}

Value adaptive_avg_pool2d_transpose(Value x, Value like, const AdaptivePool2dOptions& options) {
  return x.graph().add_node(kAdaptiveAvgPool2dTranspose, to_attributes(options), {x, like})[0];
}

}  // namespace inlay
