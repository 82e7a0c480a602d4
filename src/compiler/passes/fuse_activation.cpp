#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/conv2d_inputs.h"

namespace inlay {
namespace {

/// none: another operator.
Activation activation_of(const Node& node) {
  if (node.op->name == "relu") return Activation::relu;
  if (node.op->name == "leaky_relu") return Activation::leaky_relu;
  return node.op->name == "prelu" ? Activation::prelu : Activation::none;
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    const Activation activation = activation_of(node);
    if (activation == Activation::none || uses[static_cast<std::size_t>(node.inputs[0].id())] != 1) return std::nullopt;
    const Node* conv = inputs[0].node();
    if (!conv || conv->op->name != "conv2d") return std::nullopt;
    auto options = from_attributes<Conv2dOptions>(conv->attributes);
    if (options.activation != Activation::none) return std::nullopt;
    options.activation = activation;
    if (activation == Activation::leaky_relu) options.slope = from_attributes<LeakyReluOptions>(node.attributes).slope;
    std::vector<Value> fused = conv->inputs;
    if (const auto slope = static_cast<std::ptrdiff_t>(Conv2dInputs(options).slope); slope > 0)
      fused.insert(fused.begin() + slope, inputs[1]);
    return target.add_node(*conv->op, to_attributes(options), std::move(fused));
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseActivation{
    "fuse_activation",
    "relu(conv2d(x, w, b)) => conv2d(x, w, b){activation=relu}, leaky_relu and prelu likewise, when nothing else reads "
    "the convolution",
    run};

}  // namespace inlay
