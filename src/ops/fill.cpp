#include <algorithm>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList) {
  return {{DType::f32, Shape(from_attributes<FillOptions>(attributes).shape)}};
}

std::vector<Value> gradient(const GradientCall&) { return {}; }

void reference(const ReferenceCall& call) {
  std::ranges::fill(call.outputs[0].data, from_attributes<FillOptions>(call.attributes).value);
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<FillOptions>(node.attributes);
  onnx.add({"Expand",
            {onnx.constant("value", Tensor::filled({1}, static_cast<float>(o.value))), onnx.constant("shape", o.shape)},
            {onnx.name(node.outputs[0])},
            {}});
}

}  // namespace

const Operator kFill{.name = "fill", .shape = shape, .gradient = gradient, .reference = reference, .to_onnx = to_onnx};

Value fill(Graph graph, const Shape& shape, double value) {
  return graph.add_node(kFill, to_attributes(FillOptions{{shape.begin(), shape.end()}, value}), {})[0];
}

}  // namespace inlay
