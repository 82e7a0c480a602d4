#include <map>
#include <optional>

#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/loss_with_grad.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// The number that a value has in every element, where the graph alone says it.
std::optional<double> constant_of(const Value& value) {
  const Node* node = value.node();
  if (!node) return std::nullopt;
  if (node->op == &kFill) return from_attributes<FillOptions>(node->attributes).value;
  if (node->op != &kAffine) return std::nullopt;
  const auto o = from_attributes<AffineOptions>(node->attributes);
  const std::optional<double> x = constant_of(node->inputs[0]);
  return x ? std::optional(*x * o.scale + o.shift) : std::nullopt;
}

struct Pair {
  const Node* gradient;
  double dy;
};

/// The loss nodes whose gradient is wanted once, of a dy that is known beforehand.
std::map<const Node*, Pair> find_pairs(const Graph& graph) {
  const std::vector<int> uses = use_counts(graph);
  std::map<const Node*, Pair> pairs;
  for (const auto& node : graph.nodes()) {
    if (node->op != &kCrossEntropyGrad && node->op != &kBinaryCrossEntropyGrad) continue;
    const Node* loss = node->inputs[5].node();
    const std::optional<double> dy = constant_of(node->inputs[0]);
    if (!loss || !dy || uses[static_cast<std::size_t>(node->inputs[5].id())] != 1) continue;
    if (loss->op == (node->op == &kCrossEntropyGrad ? &kCrossEntropy : &kBinaryCrossEntropy) &&
        node->inputs[5] == loss->outputs[1] &&
        std::equal(loss->inputs.begin(), loss->inputs.end(), node->inputs.begin() + 1))
      pairs[loss] = {node.get(), *dy};
  }
  return pairs;
}

Graph run(const Graph& graph, Constants&) {
  const std::map<const Node*, Pair> pairs = find_pairs(graph);
  std::map<const Node*, Value> gradients;  // of the logits, by the node that gave them
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (const auto found = gradients.find(&node); found != gradients.end()) return std::vector{found->second};
    const auto pair = pairs.find(&node);
    if (pair == pairs.end()) return std::nullopt;
    const Operator& op = node.op == &kCrossEntropy ? kCrossEntropyWithGrad : kBinaryCrossEntropyWithGrad;
    const auto o = from_attributes<LossOptions>(node.attributes);
    const std::vector<Value> outputs = target.add_node(
        op, to_attributes(LossWithGradOptions{pair->second.dy, o.ignore}), {inputs.begin(), inputs.end()});
    gradients[pair->second.gradient] = outputs[0];
    return std::vector{outputs[1], outputs[2]};
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseLossGrad{"fuse_loss_grad",
                         "loss, sum = cross_entropy(x, ...) and cross_entropy_grad(dy, x, ..., sum) => "
                         "cross_entropy_with_grad(x, ...){dy} for a constant dy; the same for binary_cross_entropy",
                         run};

}  // namespace inlay
