#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

/// `grad` is the gradient of `norm`, and dy comes to it through the activation of that very node.
bool belongs_to(const Node& grad, const Node& norm) {
  const auto options = from_attributes<BatchNormOptions>(norm.attributes);
  const Value mean = options.training ? norm.outputs[1] : norm.inputs[3];
  const Value spread = options.training ? norm.outputs[2] : norm.inputs[4];
  return options.activation == Activation::relu && grad.inputs[1] == norm.inputs[0] &&
         grad.inputs[2] == norm.inputs[1] && grad.inputs[3] == mean && grad.inputs[4] == spread;
}

bool fusable(const Node& grad, const std::vector<int>& uses) {
  if (grad.op->name != "batch_norm_grad" || uses[static_cast<std::size_t>(grad.inputs[0].id())] != 1) return false;
  const Node* relu_grad = grad.inputs[0].node();
  if (!relu_grad || relu_grad->op->name != "relu_grad") return false;
  const Value y = relu_grad->inputs[1];
  return y.node() && y.node()->op->name == "batch_norm" && y.output() == 0 && belongs_to(grad, *y.node());
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (!fusable(node, uses)) return std::nullopt;
    const Node& relu_grad = *inputs[0].node();
    const Node& norm = *relu_grad.inputs[1].node();
    std::vector<Value> fused{inputs.begin(), inputs.end()};
    fused[0] = relu_grad.inputs[0];
    fused.push_back(norm.inputs[2]);
    return target.add_node(*node.op, norm.attributes, std::move(fused));
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseBatchNormReluGrad{
    "fuse_batch_norm_relu_grad",
    "batch_norm_grad(relu_grad(dy, y), x, scale, mean, inverse) => batch_norm_grad(dy, x, scale, mean, inverse, "
    "shift){activation=relu} for y of batch_norm(x, scale, shift, ...){activation=relu}",
    run};

}  // namespace inlay
