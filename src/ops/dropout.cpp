#include <cmath>

#include "base/rng.h"
#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<DropoutOptions>(attributes);
  expect_f32("x", in[0]);
  if (!(o.probability >= 0 && o.probability < 1))
    fail_input("probability is {}, expected 0 <= probability < 1", o.probability);
  if (o.channels) expect_picture("x", in[0]);
  return {in[0]};
}

/// Linear and its own transpose: the same zeros, drawn again.
std::vector<Value> gradient(const GradientCall& call) {
  return {dropout(call.output_gradients[0], from_attributes<DropoutOptions>(call.node.attributes))};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<DropoutOptions>(call.attributes);
  const auto& x = *call.inputs[0];
  const std::uint64_t key = mix_keys(call.seed, static_cast<std::uint64_t>(o.stream));
  const auto plane = o.channels ? static_cast<std::size_t>(x.type.shape[2] * x.type.shape[3]) : 1;
  for (std::size_t i = 0; i < x.data.size(); ++i) {
    const bool zero = o.training && uniform_at(key, i / plane) < o.probability;
    call.outputs[0].data[i] = zero ? 0 : x.data[i] * (o.training ? 1 / (1 - o.probability) : 1);
  }
}

/// Written although it does nothing in inference, so that a model read from its file can be trained on. ONNX has no
/// dropout of whole channels: that comes back as the plain one.
void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<DropoutOptions>(node.attributes);
  if (o.training) fail_input("'{}' is in training, only inference has an ONNX form", node.name);
  OnnxNode dropout{"Dropout", {onnx.name(node.inputs[0])}, {onnx.name(node.outputs[0])}, {}};
  dropout.inputs.push_back(onnx.constant("ratio", Tensor::filled({}, static_cast<float>(o.probability))));
  dropout.attributes.set("seed", o.stream);
  onnx.add(std::move(dropout));
}

std::vector<Value> from_identity(OnnxImporter& onnx, const OnnxNode& node) { return {onnx.value(node.inputs.at(0))}; }

/// Off until the graph is trained; each gets a stream of its own.
std::vector<Value> from_dropout(OnnxImporter& onnx, const OnnxNode& node) {
  DropoutOptions o;
  if (const auto* a = node.attributes.find("ratio")) from_attribute("ratio", *a, o.probability);
  if (const auto ratio = onnx.floats(input_name(node, 1)); ratio && !ratio->empty()) o.probability = ratio->front();
  o.stream = static_cast<std::int64_t>(onnx.graph().nodes().size());
  if (const auto* a = node.attributes.find("seed")) from_attribute("seed", *a, o.stream);
  return {dropout(onnx.value(node.inputs.at(0)), o)};
}

constexpr OnnxImport kImports[] = {{"Identity", from_identity}, {"Dropout", from_dropout}};

}  // namespace

/// An element (a channel with options.channels) is zero where uniform_at(mix_keys(seed, stream), i) < probability, i
/// its row-major place in (N, C, H, W) (in (N, C)): the same for every layout and number of threads.
const Operator kDropout{.name = "dropout",
                        .shape = shape,
                        .gradient = gradient,
                        .reference = reference,
                        .has_training_mode = true,
                        .to_onnx = to_onnx,
                        .from_onnx = kImports};

Value dropout(Value x, const DropoutOptions& options) {
  return x.graph().add_node(kDropout, to_attributes(options), {x})[0];
}

}  // namespace inlay
