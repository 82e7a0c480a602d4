#include <algorithm>
#include <map>
#include <unordered_set>

#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/operators.h"

namespace inlay {
namespace {

bool is_normal(const Value& value) {
  return value && value.node() && value.node()->op == &kBatchNorm && value.output() == 0 &&
         from_attributes<BatchNormOptions>(value.node()->attributes).training;
}

/// Normalised values, by Value::id(), that only weight gradients read once the first of them has: with another y they
/// need not be kept for the way back.
std::unordered_set<int> only_for_weights(const Graph& graph) {
  std::unordered_set<int> found, kept;
  for (const auto& node : graph.nodes())
    for (std::size_t i = 0; i < node->inputs.size(); ++i) {
      const Value& input = node->inputs[i];
      const bool only_shape = (node->op->shape_only_inputs >> i & 1) != 0;
      if (!is_normal(input) || only_shape) continue;
      if (node->op == &kConv2dWeightGrad)
        found.insert(input.id());
      else if (found.contains(input.id()))
        kept.insert(input.id());
    }
  for (const GraphOutput& output : graph.outputs()) kept.insert(output.value.id());
  std::erase_if(found, [&](int id) { return kept.contains(id); });
  return found;
}

Graph run(const Graph& graph, Constants&) {
  const std::unordered_set<int> wanted = only_for_weights(graph);
  std::map<int, Value> again;                       // by the id of the first y
  std::map<const Node*, std::vector<Value>> norms;  // their inputs and outputs in the new graph
  return rewrite(
      graph, [&](const Node& node, std::span<const Value> inputs, Graph& target) -> std::optional<std::vector<Value>> {
        if (node.op == &kBatchNorm && wanted.contains(node.outputs[0].id())) {
          std::vector<Value> outputs = target.add_node(*node.op, node.attributes, {inputs.begin(), inputs.end()});
          norms[&node] = {inputs[0], inputs[1], inputs[2], outputs[1], outputs[2]};
          return outputs;
        }
        if (node.op != &kConv2dWeightGrad) return std::nullopt;
        std::vector<Value> changed{inputs.begin(), inputs.end()};
        for (std::size_t i = 0; i < changed.size(); ++i) {
          const Value y = node.inputs[i];
          if (!y || !wanted.contains(y.id())) continue;
          Value& second = again[y.id()];
          if (!second) second = target.add_node(kBatchNormAgain, y.node()->attributes, norms.at(y.node()))[0];
          changed[i] = second;
        }
        return target.add_node(*node.op, node.attributes, std::move(changed));
      });
}

}  // namespace

const Pass kRecomputeBatchNorm{
    "recompute_batch_norm",
    "conv2d_weight_grad(y, dz) => conv2d_weight_grad(batch_norm_again(x, scale, shift, mean, inverse), dz) for y of "
    "batch_norm(x, scale, shift, ...){training}, when the way back has no other use for y; only with little memory",
    run};

}  // namespace inlay
