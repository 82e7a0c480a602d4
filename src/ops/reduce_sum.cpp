#include <algorithm>
#include <numeric>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/broadcast.h"
#include "ops/onnx_attributes.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  if (in[0].dtype != DType::f32) fail_input("x is {}, expected f32", to_string(in[0]));
  Shape result = in[0].shape;
  std::vector<bool> seen(Shape::kMaxRank, false);
  for (std::int64_t axis : from_attributes<ReduceOptions>(attributes).axes) {
    if (axis < 0 || axis >= result.rank())
      fail_input("axis {} is not among the {} axes of {}", axis, result.rank(), to_string(in[0]));
    if (seen[static_cast<std::size_t>(axis)]) fail_input("axis {} is named twice", axis);
    seen[static_cast<std::size_t>(axis)] = true;
    result[static_cast<int>(axis)] = 1;
  }
  return {{DType::f32, result}};
}

std::vector<Value> gradient(const GradientCall& call) {
  return {broadcast_like(call.output_gradients[0], call.node.inputs[0])};
}

void reference(const ReferenceCall& call) {
  const ReferenceTensor& x = *call.inputs[0];
  ReferenceTensor& y = call.outputs[0];
  const auto sum_of = broadcast_index(y.type.shape, x.type.shape);
  for (std::size_t i = 0; i < sum_of.size(); ++i) y.data[static_cast<std::size_t>(sum_of[i])] += x.data[i];
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<ReduceOptions>(node.attributes);
  if (o.axes.empty()) return onnx.add({"Identity", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}});
  OnnxNode sum{
      "ReduceSum", {onnx.name(node.inputs[0]), onnx.constant("axes", o.axes)}, {onnx.name(node.outputs[0])}, {}};
  sum.attributes.set("keepdims", std::int64_t{1});
  onnx.add(std::move(sum));
}

/// Without axes: over all of them. Without keepdims the axes vanish.
Value reduce(OnnxImporter& onnx, const OnnxNode& node, bool mean) {
  const Value x = onnx.value(node.inputs.at(0));
  std::vector<std::int64_t> axes = onnx_integers(onnx, node, 1, "axes").value_or(std::vector<std::int64_t>{});
  if (axes.empty()) {
    if (onnx_attribute<std::int64_t>(node, "noop_with_empty_axes", 0) != 0) return x;
    axes.resize(static_cast<std::size_t>(x.shape().rank()));
    std::iota(axes.begin(), axes.end(), 0);
  }
  std::vector<std::int64_t> kept;
  for (std::int64_t& axis : axes) axis = onnx_axis(axis, x.shape());
  for (int i = 0; i < x.shape().rank(); ++i)
    if (std::ranges::find(axes, i) == axes.end()) kept.push_back(x.shape()[i]);
  Value y = reduce_sum(x, axes);
  if (mean) y = affine(y, static_cast<double>(y.shape().elements()) / static_cast<double>(x.shape().elements()));
  return onnx_attribute<std::int64_t>(node, "keepdims", 1) != 0 ? y : reshape(y, Shape(kept));
}

std::vector<Value> sum_from_onnx(OnnxImporter& onnx, const OnnxNode& node) { return {reduce(onnx, node, false)}; }
std::vector<Value> mean_from_onnx(OnnxImporter& onnx, const OnnxNode& node) { return {reduce(onnx, node, true)}; }

constexpr OnnxImport kImports[] = {{"ReduceSum", sum_from_onnx}, {"ReduceMean", mean_from_onnx}};

}  // namespace

const Operator kReduceSum{.name = "reduce_sum",
                          .shape = shape,
                          .gradient = gradient,
                          .reference = reference,
                          .to_onnx = to_onnx,
                          .from_onnx = kImports};

Value reduce_sum(Value x, std::vector<std::int64_t> axes) {
  return x.graph().add_node(kReduceSum, to_attributes(ReduceOptions{std::move(axes)}), {x})[0];
}

}  // namespace inlay
