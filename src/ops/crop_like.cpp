#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/crop_like_geometry.h"
#include "ops/crop_like_onnx.h"
#include "ops/operators.h"

namespace inlay {
namespace {

CropLikeOptions options_of(const Attributes& attributes) { return from_attributes<CropLikeOptions>(attributes); }

/// Calls body(index in the small picture, index in the large one) for every pixel of the small one.
template <class Body>
void for_each_pixel(const Shape& small, const Shape& large, const CropLikeOptions& o, Body&& body) {
  const Size2 first = crop_like_start(o, large, small);
  for (std::int64_t plane = 0; plane < small[0] * small[1]; ++plane)
    for (std::int64_t y = 0; y < small[2]; ++y)
      for (std::int64_t x = 0; x < small[3]; ++x)
        body(static_cast<std::size_t>((plane * small[2] + y) * small[3] + x),
             static_cast<std::size_t>((plane * large[2] + first.h + y) * large[3] + first.w + x));
}

/// x at the height and width of `like`; one of the two must fit into the other.
std::vector<TensorType> shape_like(const Attributes& attributes, TypeList in, bool crops) {
  expect_picture("x", in[0]);
  expect_picture("like", in[1]);
  const Shape &x = in[0].shape, &like = in[1].shape;
  crop_like_start(options_of(attributes), crops ? x : like, crops ? like : x);
  return {{DType::f32, {x[0], x[1], like[2], like[3]}}};
}

std::vector<TensorType> crop_shape(const Attributes& attributes, TypeList in) {
  return shape_like(attributes, in, true);
}
std::vector<TensorType> pad_shape(const Attributes& attributes, TypeList in) {
  return shape_like(attributes, in, false);
}

std::vector<Value> crop_gradient(const GradientCall& call) {
  return {pad_like(call.output_gradients[0], call.node.inputs[0], options_of(call.node.attributes)), Value()};
}

std::vector<Value> pad_gradient(const GradientCall& call) {
  return {crop_like(call.output_gradients[0], call.node.inputs[0], options_of(call.node.attributes)), Value()};
}

void crop_reference(const ReferenceCall& call) {
  for_each_pixel(
      call.outputs[0].type.shape, call.inputs[0]->type.shape, options_of(call.attributes),
      [&](std::size_t small, std::size_t large) { call.outputs[0].data[small] = call.inputs[0]->data[large]; });
}

void pad_reference(const ReferenceCall& call) {
  for_each_pixel(
      call.inputs[0]->type.shape, call.outputs[0].type.shape, options_of(call.attributes),
      [&](std::size_t small, std::size_t large) { call.outputs[0].data[large] = call.inputs[0]->data[small]; });
}

void crop_to_onnx(OnnxExporter& onnx, const Node& node) { write_crop_like(onnx, node, options_of(node.attributes)); }
void pad_to_onnx(OnnxExporter& onnx, const Node& node) { write_pad_like(onnx, node, options_of(node.attributes)); }

}  // namespace

/// Read back by slice.
const Operator kCropLike{.name = "crop_like",
                         .shape = crop_shape,
                         .gradient = crop_gradient,
                         .reference = crop_reference,
                         .shape_only_inputs = 0b10,
                         .to_onnx = crop_to_onnx};

/// Read back by pad.
const Operator kPadLike{.name = "pad_like",
                        .shape = pad_shape,
                        .gradient = pad_gradient,
                        .reference = pad_reference,
                        .shape_only_inputs = 0b10,
                        .to_onnx = pad_to_onnx};

Value crop_like(Value x, Value like, const CropLikeOptions& options) {
  return x.graph().add_node(kCropLike, to_attributes(options), {x, like})[0];
}

Value pad_like(Value x, Value like, const CropLikeOptions& options) {
  return x.graph().add_node(kPadLike, to_attributes(options), {x, like})[0];
}

}  // namespace inlay
