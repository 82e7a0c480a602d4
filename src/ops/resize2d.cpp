#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/operators.h"
#include "ops/resample.h"
#include "ops/resize2d_onnx.h"

namespace inlay {
namespace {

Resize2dOptions options_of(const Attributes& attributes) { return from_attributes<Resize2dOptions>(attributes); }

/// How `like` decides: only its size counts.
Resize2dOptions without_size(Resize2dOptions o) {
  o.scale = 0;
  o.size = 0;
  return o;
}

void expect_like(TypeList in) {
  expect_picture("x", in[0]);
  expect_picture("like", in[1]);
  if (in[1].shape[2] < 1 || in[1].shape[3] < 1) fail_input("like is {}, expected sizes >= 1", to_string(in[1]));
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  expect_picture("x", in[0]);
  return {{DType::f32, resized_shape(in[0].shape, options_of(attributes))}};
}

std::vector<TensorType> like_shape(const Attributes&, TypeList in) {
  expect_like(in);
  return {{DType::f32, {in[0].shape[0], in[0].shape[1], in[1].shape[2], in[1].shape[3]}}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {resize2d_transpose(call.output_gradients[0], call.node.inputs[0], options_of(call.node.attributes)), Value()};
}

std::vector<Value> like_gradient(const GradientCall& call) {
  return {
      resize2d_transpose(call.output_gradients[0], call.node.inputs[0], without_size(options_of(call.node.attributes))),
      Value()};
}

void resize_reference(const ReferenceCall& call, const Resize2dOptions& o) {
  for_each_resize_product(resize_geometry(call.inputs[0]->type.shape, call.outputs[0].type.shape, o),
                          [&](std::size_t from, std::size_t to, double weight) {
                            call.outputs[0].data[to] += weight * call.inputs[0]->data[from];
                          });
}

void reference(const ReferenceCall& call) { resize_reference(call, options_of(call.attributes)); }
void like_reference(const ReferenceCall& call) { resize_reference(call, without_size(options_of(call.attributes))); }

std::vector<TensorType> transpose_shape(const Attributes& attributes, TypeList in) {
  const auto o = options_of(attributes);
  expect_like(in);
  const Shape &x = in[0].shape, &like = in[1].shape;
  Shape expected{like[0], like[1], x[2], x[3]};
  if (o.scale != Scale2(0) || o.size != Size2(0)) expected = resized_shape(like, o);
  if (!(x == expected)) fail_input("{} resizes to {}, x is {}", to_string(like), to_string(expected), to_string(x));
  return {in[1]};
}

std::vector<Value> transpose_gradient(const GradientCall& call) {
  auto o = options_of(call.node.attributes);
  const Shape& x = call.node.inputs[0].shape();
  if (o.scale == Scale2(0)) o.size = {x[2], x[3]};
  return {resize2d(call.output_gradients[0], o), Value()};
}

void transpose_reference(const ReferenceCall& call) {
  for_each_resize_product(
      resize_geometry(call.outputs[0].type.shape, call.inputs[0]->type.shape, options_of(call.attributes)),
      [&](std::size_t from, std::size_t to, double weight) {
        call.outputs[0].data[from] += weight * call.inputs[0]->data[to];
      });
}

Window window_between(const Shape& from, const Shape& to, Interpolation mode) {
  const double taps = mode == Interpolation::nearest ? 1 : mode == Interpolation::bilinear ? 2 : 4;
  const auto ratio = [&](int axis) { return static_cast<double>(from[axis]) / static_cast<double>(to[axis]); };
  return {taps, taps, ratio(2), ratio(3)};
}

Window window(const Attributes& attributes, TypeList in) {
  const auto o = options_of(attributes);
  return window_between(in[0].shape, resized_shape(in[0].shape, o), o.mode);
}

Window like_window(const Attributes& attributes, TypeList in) {
  return window_between(in[0].shape, in[1].shape, options_of(attributes).mode);
}

void to_onnx(OnnxExporter& onnx, const Node& node) { write_resize(onnx, node, options_of(node.attributes)); }
void like_to_onnx(OnnxExporter& onnx, const Node& node) { write_resize_like(onnx, node, options_of(node.attributes)); }

constexpr OnnxImport kImports[] = {{"Resize", read_resize}, {"Upsample", read_upsample}};

}  // namespace

const Operator kResize2d{.name = "resize2d",
                         .shape = shape,
                         .gradient = gradient,
                         .reference = reference,
                         .window = window,
                         .to_onnx = to_onnx,
                         .from_onnx = kImports};

const Operator kResize2dLike{.name = "resize2d_like",
                             .shape = like_shape,
                             .gradient = like_gradient,
                             .reference = like_reference,
                             .window = like_window,
                             .shape_only_inputs = 0b10,
                             .to_onnx = like_to_onnx};

const Operator kResize2dTranspose{.name = "resize2d_transpose",
                                  .shape = transpose_shape,
                                  .gradient = transpose_gradient,
                                  .reference = transpose_reference,
                                  .shape_only_inputs = 0b10};

Value resize2d(Value x, const Resize2dOptions& options) {
  return x.graph().add_node(kResize2d, to_attributes(options), {x})[0];
}

Value resize2d_like(Value x, Value like, const Resize2dOptions& options) {
  return x.graph().add_node(kResize2dLike, to_attributes(without_size(options)), {x, like})[0];
}

Value resize2d_transpose(Value x, Value like, const Resize2dOptions& options) {
  return x.graph().add_node(kResize2dTranspose, to_attributes(options), {x, like})[0];
}

}  // namespace inlay
