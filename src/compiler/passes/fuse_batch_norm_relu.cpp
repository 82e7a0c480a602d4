#include <unordered_set>

#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

/// The batch norm whose y only this relu reads; null when there is none.
const Node* fusable(const Node& relu, const std::vector<int>& uses) {
  if (relu.op->name != "relu" || uses[static_cast<std::size_t>(relu.inputs[0].id())] != 1) return nullptr;
  const Node* norm = relu.inputs[0].node();
  if (!norm || norm->op->name != "batch_norm" || relu.inputs[0].output() != 0) return nullptr;
  return from_attributes<BatchNormOptions>(norm->attributes).activation == Activation::none ? norm : nullptr;
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  std::unordered_set<const Node*> norms;
  for (const auto& node : graph.nodes())
    if (const Node* norm = fusable(*node, uses)) norms.insert(norm);
  return rewrite(
      graph, [&](const Node& node, std::span<const Value> inputs, Graph& target) -> std::optional<std::vector<Value>> {
        if (fusable(node, uses)) return std::vector{inputs[0]};
        if (!norms.contains(&node)) return std::nullopt;
        auto options = from_attributes<BatchNormOptions>(node.attributes);
        options.activation = Activation::relu;
        return target.add_node(*node.op, to_attributes(options), {inputs.begin(), inputs.end()});
      });
}

}  // namespace

const Pass kFuseBatchNormRelu{
    "fuse_batch_norm_relu",
    "relu(batch_norm(x, ...)) => batch_norm(x, ...){activation=relu}, when nothing else reads the batch norm's y", run};

}  // namespace inlay
