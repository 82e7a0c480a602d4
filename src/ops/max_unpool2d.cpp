#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/joined.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"
#include "ops/pool_geometry.h"

namespace inlay {
namespace {

/// Inputs: x, indices, like; a pass may add a picture that is added to the result.
constexpr std::size_t kPlain = 3;

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  expect_picture("x", in[0]);
  expect_type("indices", in[1], DType::i32, in[0].shape);
  expect_picture("like", in[2]);
  const Shape &x = in[0].shape, &like = in[2].shape;
  if (x[0] != like[0] || x[1] != like[1])
    fail_input("x is {}, like is {}: batch size and channels must agree", to_string(x), to_string(like));
  if (in.size() > kPlain) expect_same("what is added", in[kPlain], "like", in[2]);
  return {in[2]};
}

std::vector<Value> gradient(const GradientCall& call) {
  expect_unfused(call.node, kPlain);
  return {gather2d(call.output_gradients[0], call.node.inputs[1]), Value(), Value()};
}

/// Calls body(position in the large plane, position in the small one) for all planes; both counted over the whole
/// tensor.
template <class Body>
void for_each_position(const Shape& large, const ReferenceTensor& indices, Body&& body) {
  const std::int64_t plane = large[2] * large[3], small = indices.type.shape[2] * indices.type.shape[3];
  for (std::size_t i = 0; i < indices.data.size(); ++i) {
    const auto position = static_cast<std::int64_t>(indices.data[i]);
    if (position < 0 || position >= plane)
      fail_input("index {} is outside of the plane {}x{}", position, large[2], large[3]);
    body(static_cast<std::size_t>(static_cast<std::int64_t>(i) / small * plane + position), i);
  }
}

void reference(const ReferenceCall& call) {
  if (call.inputs.size() > kPlain) call.outputs[0].data = call.inputs[kPlain]->data;
  for_each_position(call.outputs[0].type.shape, *call.inputs[1], [&](std::size_t large, std::size_t small) {
    call.outputs[0].data[large] += call.inputs[0]->data[small];
  });
}

std::vector<TensorType> gather_shape(const Attributes&, TypeList in) {
  expect_picture("x", in[0]);
  const Shape &x = in[0].shape, &i = in[1].shape;
  if (in[1].dtype != DType::i32 || i.rank() != 4 || i[0] != x[0] || i[1] != x[1])
    fail_input("indices are {}, expected i32 {}x{}xHxW", to_string(in[1]), x[0], x[1]);
  return {{DType::f32, i}};
}

std::vector<Value> gather_gradient(const GradientCall& call) {
  return {max_unpool2d(call.output_gradients[0], call.node.inputs[1], call.node.inputs[0]), Value()};
}

void gather_reference(const ReferenceCall& call) {
  for_each_position(call.inputs[0]->type.shape, *call.inputs[1], [&](std::size_t large, std::size_t small) {
    call.outputs[0].data[small] = call.inputs[0]->data[large];
  });
}

Window unpool_window(const Attributes&, TypeList in) {
  const auto ratio = [&](int axis) {
    return static_cast<double>(in[0].shape[axis]) / static_cast<double>(in[2].shape[axis]);
  };
  return {1, 1, ratio(2), ratio(3)};
}

/// Windows that overlap may send two values to one place; MaxUnpool would keep one of them, so they are scattered and
/// added.
void scatter_to_onnx(OnnxExporter& onnx, const Node& node, const std::string& extents) {
  const auto flat = [&](const std::string& name) {
    const std::string result = onnx.fresh("flat");
    onnx.add({"Reshape", {name, onnx.constant("shape", std::vector<std::int64_t>{-1})}, {result}, {}});
    return result;
  };
  const std::string zeros = onnx.fresh("zeros"), sum = onnx.fresh("sum");
  onnx.add({"ConstantOfShape", {extents}, {zeros}, {}});
  OnnxNode scatter{
      "ScatterElements", {flat(zeros), flat(onnx.name(node.inputs[1])), flat(onnx.name(node.inputs[0]))}, {sum}, {}};
  scatter.attributes.set("axis", std::int64_t{0});
  scatter.attributes.set("reduction", std::string("add"));
  onnx.add(std::move(scatter));
  onnx.add({"Reshape", {sum, extents}, {onnx.name(node.outputs[0])}, {}});
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  expect_unfused(node, kPlain);
  const Node* pool = node.inputs[1].node();
  if (pool == nullptr || pool->op != &kMaxPool2d)
    fail_input("max_unpool2d can be written as ONNX only with the indices of a max_pool2d");
  const auto o = from_attributes<Pool2dOptions>(pool->attributes);
  const std::string extents = onnx.fresh("shape");
  onnx.add({"Shape", {onnx.name(node.inputs[2])}, {extents}, {}});
  const auto g = pool_geometry(o, pool->inputs[0].type());
  const bool apart = g.stride.h >= g.kernel.h && g.stride.w >= g.kernel.w && g.dilation == Size2(1);
  if (!apart) return scatter_to_onnx(onnx, node, extents);
  OnnxNode unpool{
      "MaxUnpool", {onnx.name(node.inputs[0]), onnx.name(node.inputs[1]), extents}, {onnx.name(node.outputs[0])}, {}};
  unpool.attributes.set("kernel_shape", std::vector{g.kernel.h, g.kernel.w});
  unpool.attributes.set("strides", std::vector{g.stride.h, g.stride.w});
  // A pool that rounds up is one that rounds down over so many more rows and columns; ONNX Runtime wants to know.
  const Size2 more = o.ceil_mode ? Size2(g.stride.h - 1, g.stride.w - 1) : Size2(0);
  unpool.attributes.set(
      "pads", std::vector{o.padding.top, o.padding.left, o.padding.bottom + more.h, o.padding.right + more.w});
  onnx.add(std::move(unpool));
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0)), indices = onnx.value(node.inputs.at(1));
  const Node* pool = indices.node();
  if (pool == nullptr || pool->op != &kMaxPool2d) fail_input("the indices of MaxUnpool must come from a MaxPool");
  Shape wanted = x.shape();
  if (input_name(node, 2).empty()) {
    const auto kernel = onnx_attribute<Size2>(node, "kernel_shape", 0),
               stride = onnx_attribute<Size2>(node, "strides", 1);
    const auto pads = onnx_attribute<Padding>(node, "pads", 0);
    wanted[2] = (wanted[2] - 1) * stride.h + kernel.h - pads.top - pads.bottom;
    wanted[3] = (wanted[3] - 1) * stride.w + kernel.w - pads.left - pads.right;
  } else {
    wanted = Shape(onnx_integers(onnx, node, 2, "output_shape").value());
  }
  const Value source = pool->inputs[0];
  if (source.shape()[2] != wanted[2] || source.shape()[3] != wanted[3])
    fail_input("MaxUnpool to {} from the indices of a picture of {}: the sizes must agree", to_string(wanted),
               to_string(source.shape()));
  return {max_unpool2d(x, indices, source)};
}

constexpr OnnxImport kImports[] = {{"MaxUnpool", from_onnx}};

}  // namespace

const Operator kMaxUnpool2d{.name = "max_unpool2d",
                            .shape = shape,
                            .gradient = gradient,
                            .reference = reference,
                            .window = unpool_window,
                            .shape_only_inputs = 0b100,
                            .to_onnx = to_onnx,
                            .from_onnx = kImports};

const Operator kGather2d{
    .name = "gather2d", .shape = gather_shape, .gradient = gather_gradient, .reference = gather_reference};

Value max_unpool2d(Value x, Value indices, Value like) {
  return x.graph().add_node(kMaxUnpool2d, {}, {x, indices, like})[0];
}

Value gather2d(Value x, Value indices) { return x.graph().add_node(kGather2d, {}, {x, indices})[0]; }

}  // namespace inlay
