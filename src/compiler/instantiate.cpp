#include "base/fail.h"
#include "graph/operator.h"
#include "graph/rewrite.h"
#include "inlay/model.h"

namespace inlay {

Graph instantiate(const Graph& graph, const std::map<std::string, Shape>& input_shapes, bool training) {
  for (const auto& [name, shape] : input_shapes) {
    const Value leaf = graph.find_leaf(name);
    if (!leaf || leaf.leaf()->kind != LeafKind::input) fail_input("the graph has no input '{}'", name);
  }
  const auto leaf_rule = [&](const Leaf& leaf, const TensorType& type) {
    const auto found = leaf.kind == LeafKind::input ? input_shapes.find(leaf.name) : input_shapes.end();
    return found == input_shapes.end() ? type : TensorType{type.dtype, found->second};
  };
  const auto node_rule = [&](const Node& node, std::span<const Value> inputs, Graph& target) {
    Attributes attributes = node.attributes;
    if (node.op->has_training_mode) attributes.set("training", training);
    return std::optional(target.add_node(*node.op, attributes, {inputs.begin(), inputs.end()}));
  };
  const auto keep = [training](std::string_view name) { return training || !name.starts_with(kAuxiliaryPrefix); };
  return rewrite(graph, node_rule, leaf_rule, false, keep);
}

}  // namespace inlay
