#include "compiler/keep_dropout.h"

#include <algorithm>

#include "graph/operator.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

bool is_dropout(const Node& node) { return node.op->name == "dropout"; }

}  // namespace

bool has_dropout(const Graph& graph) {
  return std::ranges::any_of(graph.nodes(), [](const auto& node) { return is_dropout(*node); });
}

Graph keep_dropout(const Graph& graph) {
  return rewrite(
      graph, [](const Node& node, std::span<const Value> inputs, Graph& target) -> std::optional<std::vector<Value>> {
        if (!is_dropout(node)) return std::nullopt;
        Attributes attributes = node.attributes;
        attributes.set("training", true);
        return target.add_node(*node.op, attributes, {inputs.begin(), inputs.end()});
      });
}

}  // namespace inlay
