#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

Size2 stride_of(const Attributes& attributes) {
  const Size2 stride = from_attributes<Nails2dOptions>(attributes).stride;
  if (stride.h < 1 || stride.w < 1) fail_input("stride is {}x{}, expected >= 1", stride.h, stride.w);
  return stride;
}

Shape subsampled(const Shape& x, Size2 stride) {
  return {x[0], x[1], (x[2] + stride.h - 1) / stride.h, (x[3] + stride.w - 1) / stride.w};
}

/// Calls body(index in the large picture, index in the small one) for every pixel of the small one.
template <class Body>
void for_each_nail(const Shape& large, const Shape& small, Size2 stride, Body&& body) {
  for (std::int64_t plane = 0; plane < small[0] * small[1]; ++plane)
    for (std::int64_t y = 0; y < small[2]; ++y)
      for (std::int64_t x = 0; x < small[3]; ++x)
        body(static_cast<std::size_t>((plane * large[2] + y * stride.h) * large[3] + x * stride.w),
             static_cast<std::size_t>((plane * small[2] + y) * small[3] + x));
}

std::vector<TensorType> subsample_shape(const Attributes& attributes, TypeList in) {
  expect_picture("x", in[0]);
  return {{DType::f32, subsampled(in[0].shape, stride_of(attributes))}};
}

std::vector<Value> subsample_gradient(const GradientCall& call) {
  return {bed_of_nails2d(call.output_gradients[0], {stride_of(call.node.attributes)}, call.node.inputs[0])};
}

void subsample_reference(const ReferenceCall& call) {
  for_each_nail(
      call.inputs[0]->type.shape, call.outputs[0].type.shape, stride_of(call.attributes),
      [&](std::size_t large, std::size_t small) { call.outputs[0].data[small] = call.inputs[0]->data[large]; });
}

Window subsample_window(const Attributes& attributes, TypeList) {
  const Size2 stride = stride_of(attributes);
  return {1, 1, static_cast<double>(stride.h), static_cast<double>(stride.w)};
}

/// A pooling whose windows are single pixels.
void subsample_to_onnx(OnnxExporter& onnx, const Node& node) {
  const Size2 stride = stride_of(node.attributes);
  OnnxNode pool{"MaxPool", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}};
  pool.attributes.set("kernel_shape", std::vector<std::int64_t>{1, 1});
  pool.attributes.set("strides", std::vector{stride.h, stride.w});
  onnx.add(std::move(pool));
}

std::vector<TensorType> nails_shape(const Attributes& attributes, TypeList in) {
  expect_picture("x", in[0]);
  const Size2 stride = stride_of(attributes);
  const Shape& x = in[0].shape;
  if (is_absent(in[1])) return {{DType::f32, {x[0], x[1], x[2] * stride.h, x[3] * stride.w}}};
  expect_picture("like", in[1]);
  if (const Shape fits = subsampled(in[1].shape, stride); !(fits == x))
    fail_input("every {}x{}th pixel of {} makes {}, x is {}", stride.h, stride.w, to_string(in[1].shape),
               to_string(fits), to_string(x));
  return {in[1]};
}

std::vector<Value> nails_gradient(const GradientCall& call) {
  return {subsample2d(call.output_gradients[0], {stride_of(call.node.attributes)}), Value()};
}

void nails_reference(const ReferenceCall& call) {
  for_each_nail(
      call.outputs[0].type.shape, call.inputs[0]->type.shape, stride_of(call.attributes),
      [&](std::size_t large, std::size_t small) { call.outputs[0].data[large] = call.inputs[0]->data[small]; });
}

Window nails_window(const Attributes& attributes, TypeList) {
  const Size2 stride = stride_of(attributes);
  return {1, 1, 1.0 / static_cast<double>(stride.h), 1.0 / static_cast<double>(stride.w)};
}

/// A transposed convolution with a single 1 per channel, cut to the size of `like`.
void nails_to_onnx(OnnxExporter& onnx, const Node& node) {
  const Size2 stride = stride_of(node.attributes);
  const std::int64_t channels = node.inputs[0].shape()[1];
  OnnxNode conv{"ConvTranspose",
                {onnx.name(node.inputs[0]), onnx.constant("one", Tensor::filled({channels, 1, 1, 1}, 1))},
                {},
                {}};
  conv.attributes.set("kernel_shape", std::vector<std::int64_t>{1, 1});
  conv.attributes.set("strides", std::vector{stride.h, stride.w});
  conv.attributes.set("output_padding", std::vector{stride.h - 1, stride.w - 1});
  conv.attributes.set("group", channels);
  const Value like = node.inputs[1];
  const std::string whole = like ? onnx.fresh("nails") : onnx.name(node.outputs[0]);
  conv.outputs = {whole};
  onnx.add(std::move(conv));
  if (!like) return;
  const auto numbers = [&](std::vector<std::int64_t> values) { return onnx.constant("numbers", values); };
  const std::string extents = onnx.fresh("shape"), size = onnx.fresh("size");
  onnx.add({"Shape", {onnx.name(like)}, {extents}, {}});
  onnx.add({"Slice", {extents, numbers({2}), numbers({4}), numbers({0})}, {size}, {}});
  onnx.add({"Slice", {whole, numbers({0, 0}), size, numbers({2, 3})}, {onnx.name(node.outputs[0])}, {}});
}

}  // namespace

const Operator kSubsample2d{.name = "subsample2d",
                            .shape = subsample_shape,
                            .gradient = subsample_gradient,
                            .reference = subsample_reference,
                            .window = subsample_window,
                            .to_onnx = subsample_to_onnx};

const Operator kBedOfNails2d{.name = "bed_of_nails2d",
                             .shape = nails_shape,
                             .gradient = nails_gradient,
                             .reference = nails_reference,
                             .window = nails_window,
                             .shape_only_inputs = 0b10,
                             .to_onnx = nails_to_onnx};

Value bed_of_nails2d(Value x, const Nails2dOptions& options, Value like) {
  return x.graph().add_node(kBedOfNails2d, to_attributes(options), {x, like})[0];
}

Value subsample2d(Value x, const Nails2dOptions& options) {
  return x.graph().add_node(kSubsample2d, to_attributes(options), {x})[0];
}

}  // namespace inlay
