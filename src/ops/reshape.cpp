#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const Shape wanted(from_attributes<ShapeOptions>(attributes).shape);
  if (wanted.elements() != in[0].shape.elements())
    fail_input("{} has {} elements, {} has {}", to_string(in[0]), in[0].shape.elements(), to_string(wanted),
               wanted.elements());
  return {{in[0].dtype, wanted}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {reshape(call.output_gradients[0], call.node.inputs[0].shape())};
}

void reference(const ReferenceCall& call) { call.outputs[0].data = call.inputs[0]->data; }

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<ShapeOptions>(node.attributes);
  onnx.add({"Reshape", {onnx.name(node.inputs[0]), onnx.constant("shape", o.shape)}, {onnx.name(node.outputs[0])}, {}});
}

/// 0 keeps the extent at its place, -1 is worked out from the others.
std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  const Value x = onnx.value(node.inputs.at(0));
  auto extents = onnx_integers(onnx, node, 1, "shape").value_or(std::vector<std::int64_t>{});
  const bool keep_zero = onnx_attribute<std::int64_t>(node, "allowzero", 0) != 0;
  std::int64_t known = 1;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (extents[i] == 0 && !keep_zero && static_cast<int>(i) < x.shape().rank())
      extents[i] = x.shape()[static_cast<int>(i)];
    if (extents[i] != -1) known *= extents[i];
  }
  for (std::int64_t& extent : extents)
    if (extent == -1) extent = known == 0 ? 0 : x.shape().elements() / known;
  return {reshape(x, Shape(extents))};
}

constexpr OnnxImport kImports[] = {{"Reshape", from_onnx}};

}  // namespace

const Operator kReshape{.name = "reshape",
                        .shape = shape,
                        .gradient = gradient,
                        .reference = reference,
                        .to_onnx = to_onnx,
                        .from_onnx = kImports};

Value reshape(Value x, const Shape& shape) {
  return x.graph().add_node(kReshape, to_attributes(ShapeOptions{{shape.begin(), shape.end()}}), {x})[0];
}

}  // namespace inlay
