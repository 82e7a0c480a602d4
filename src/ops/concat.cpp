#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::string_view axis_name(const Shape& shape, int axis) {
  constexpr std::string_view kNames[] = {"batch sizes", "channels", "heights", "widths"};
  return shape.rank() == 4 ? kNames[axis] : "extents";
}

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto axis = static_cast<int>(from_attributes<AxisOptions>(attributes).axis);
  if (in.empty()) fail_input("expected at least one tensor");
  TensorType result = in[0];
  if (axis < 0 || axis >= result.shape.rank())
    fail_input("axis {} is not among the {} axes of {}", axis, result.shape.rank(), to_string(in[0]));
  for (const TensorType& type : in.subspan(1)) {
    if (type.dtype != result.dtype || type.shape.rank() != result.shape.rank())
      fail_input("{} and {} cannot be joined: kind and rank must agree", to_string(in[0]), to_string(type));
    for (int i = 0; i < result.shape.rank(); ++i)
      if (i != axis && type.shape[i] != result.shape[i])
        fail_input("{} {} and {} differ ({} and {})", axis_name(type.shape, i), result.shape[i], type.shape[i],
                   to_string(in[0]), to_string(type));
    result.shape[axis] += type.shape[axis];
  }
  return {result};
}

std::vector<Value> gradient(const GradientCall& call) {
  const auto axis = from_attributes<AxisOptions>(call.node.attributes).axis;
  std::vector<Value> parts;
  std::int64_t begin = 0;
  for (const Value& input : call.node.inputs) {
    const std::int64_t end = begin + input.shape()[static_cast<int>(axis)];
    parts.push_back(slice(call.output_gradients[0], {axis, begin, end}));
    begin = end;
  }
  return parts;
}

void reference(const ReferenceCall& call) {
  const auto axis = static_cast<int>(from_attributes<AxisOptions>(call.attributes).axis);
  std::int64_t outer = 1;
  for (int i = 0; i < axis; ++i) outer *= call.outputs[0].type.shape[i];
  auto to = call.outputs[0].data.begin();
  for (std::int64_t i = 0; i < outer; ++i)
    for (const ReferenceTensor* input : call.inputs) {
      const auto part = static_cast<std::int64_t>(input->data.size()) / outer;
      to = std::copy_n(input->data.begin() + i * part, part, to);
    }
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  OnnxNode concat{"Concat", {}, {onnx.name(node.outputs[0])}, {}};
  for (const Value& input : node.inputs) concat.inputs.push_back(onnx.name(input));
  concat.attributes.set("axis", from_attributes<AxisOptions>(node.attributes).axis);
  onnx.add(std::move(concat));
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  std::vector<Value> values;
  for (const std::string& name : node.inputs) values.push_back(onnx.value(name));
  if (values.empty()) fail_input("expected at least one tensor");
  return {concat(values, {onnx_axis(onnx_attribute<std::int64_t>(node, "axis", 1), values[0].shape())})};
}

constexpr OnnxImport kImports[] = {{"Concat", from_onnx}};

}  // namespace

const Operator kConcat{.name = "concat",
                       .shape = shape,
                       .gradient = gradient,
                       .reference = reference,
                       .to_onnx = to_onnx,
                       .from_onnx = kImports};

Value concat(std::span<const Value> values, const AxisOptions& options) {
  if (values.empty()) fail_input("concat: expected at least one tensor");
  return values[0].graph().add_node(kConcat, to_attributes(options), {values.begin(), values.end()})[0];
}

}  // namespace inlay
