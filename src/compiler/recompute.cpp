#include "compiler/recompute.h"

#include <map>
#include <unordered_set>

#include "graph/rewrite.h"
#include "ops/operators.h"

namespace inlay {
namespace {

bool only_shape(const Node& node, std::size_t input) { return (node.op->shape_only_inputs >> input & 1) != 0; }

/// What the numbers of a graph are read for.
class Readers {
 public:
  explicit Readers(const Graph& graph) {
    for (const auto& node : graph.nodes())
      for (std::size_t i = 0; i < node->inputs.size(); ++i)
        if (node->inputs[i] && !only_shape(*node, i))
          (node->op == &kConv2dWeightGrad ? by_weights_ : by_others_).insert(node->inputs[i].id());
    for (const GraphOutput& output : graph.outputs()) by_others_.insert(output.value.id());
  }

  /// A weight gradient, or what is there for weight gradients alone.
  bool serves_weights(const Node& node) const {
    if (node.op == &kConv2dWeightGrad) return true;
    const int id = node.outputs[0].id();
    return by_weights_.contains(id) && !by_others_.contains(id);
  }

 private:
  std::unordered_set<int> by_weights_, by_others_;
};

/// Cheap values, by Value::id(), that the way there reads, and then nothing but what serves weight gradients.
std::unordered_set<int> wanted_again(const Graph& graph, const CheapResult& cheap, const Readers& readers) {
  std::unordered_set<int> before, found, kept;
  for (const auto& node : graph.nodes())
    for (std::size_t i = 0; i < node->inputs.size(); ++i) {
      const Value& input = node->inputs[i];
      if (!input || only_shape(*node, i) || !cheap.is(input)) continue;
      if (!readers.serves_weights(*node))
        (found.contains(input.id()) ? kept : before).insert(input.id());
      else if (before.contains(input.id()))
        found.insert(input.id());
    }
  for (const GraphOutput& output : graph.outputs()) kept.insert(output.value.id());
  std::erase_if(found, [&](int id) { return kept.contains(id); });
  return found;
}

}  // namespace

Graph recompute_for_weights(const Graph& graph, const CheapResult& cheap) {
  struct Made {
    std::vector<Value> inputs, outputs;
  };
  const Readers readers(graph);
  const std::unordered_set<int> wanted = wanted_again(graph, cheap, readers);
  std::map<const Node*, Made> made;  // in the new graph
  std::map<int, Value> again;        // by the id of the first result
  return rewrite(
      graph, [&](const Node& node, std::span<const Value> inputs, Graph& target) -> std::optional<std::vector<Value>> {
        if (wanted.contains(node.outputs[0].id())) {
          Made& first = made[&node];
          first.inputs.assign(inputs.begin(), inputs.end());
          return first.outputs = target.add_node(*node.op, node.attributes, first.inputs);
        }
        if (!readers.serves_weights(node)) return std::nullopt;
        std::vector<Value> changed{inputs.begin(), inputs.end()};
        for (std::size_t i = 0; i < changed.size(); ++i) {
          const Value first = node.inputs[i];
          if (!first || only_shape(node, i) || !wanted.contains(first.id())) continue;
          Value& second = again[first.id()];
          const Made& source = made.at(first.node());
          if (!second) second = cheap.again(*first.node(), source.inputs, source.outputs, target);
          changed[i] = second;
        }
        return target.add_node(*node.op, node.attributes, std::move(changed));
      });
}

}  // namespace inlay
