#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  expect_picture("x", in[0]);
  return {{DType::f32, {in[0].shape[0], in[0].shape[1], 1, 1}}};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Value x = call.node.inputs[0];
  const auto pixels = static_cast<double>(x.shape()[2] * x.shape()[3]);
  return {broadcast_like(affine(call.output_gradients[0], 1 / pixels), x)};
}

void reference(const ReferenceCall& call) {
  const ReferenceTensor& x = *call.inputs[0];
  const auto pixels = static_cast<std::size_t>(x.type.shape[2] * x.type.shape[3]);
  for (std::size_t i = 0; i < x.data.size(); ++i)
    call.outputs[0].data[i / pixels] += x.data[i] / static_cast<double>(pixels);
}

Window window(const Attributes&, TypeList) { return {.everything = true}; }

void to_onnx(OnnxExporter& onnx, const Node& node) {
  onnx.add({"GlobalAveragePool", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}});
}

std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  return {global_avg_pool(onnx.value(node.inputs.at(0)))};
}

constexpr OnnxImport kImports[] = {{"GlobalAveragePool", from_onnx}};

}  // namespace

const Operator kGlobalAvgPool{.name = "global_avg_pool",
                              .shape = shape,
                              .gradient = gradient,
                              .reference = reference,
                              .window = window,
                              .to_onnx = to_onnx,
                              .from_onnx = kImports};

Value global_avg_pool(Value x) { return x.graph().add_node(kGlobalAvgPool, {}, {x})[0]; }

}  // namespace inlay
