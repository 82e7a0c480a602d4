#include "graph/rewrite.h"

#include <unordered_set>

#include "graph/operator.h"

namespace inlay {
namespace {

struct Liveness {
  std::vector<bool> nodes;
  std::unordered_set<int> values;
};

Liveness liveness(const Graph& graph, const OutputChoice& keep_output = {}) {
  Liveness live;
  const auto nodes = graph.nodes();
  live.nodes.assign(nodes.size(), false);
  for (const GraphOutput& output : graph.outputs())
    if (!keep_output || keep_output(output.name)) live.values.insert(output.value.id());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const Node& node = *nodes[i];
    bool needed = node.op->state && !node.op->state(node.attributes).empty();
    for (const Value& output : node.outputs) needed |= live.values.contains(output.id());
    live.nodes[i] = needed;
    if (!needed) continue;
    for (const Value& input : node.inputs)
      if (input) live.values.insert(input.id());
  }
  return live;
}

std::string parent(const std::string& name) {
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? "" : name.substr(0, slash);
}

}  // namespace

std::vector<bool> live_nodes(const Graph& graph) { return liveness(graph).nodes; }

Graph rewrite(const Graph& source, const NodeRewrite& node_rule, const LeafRewrite& leaf_rule, bool drop_unused_leaves,
              const OutputChoice& keep_output) {
  Graph target;
  const Liveness live = liveness(source, keep_output);
  std::vector<Value> mapped(static_cast<std::size_t>(source.value_count()));
  for (const Value& value : source.leaves()) {
    const Leaf& leaf = *value.leaf();
    if (drop_unused_leaves && leaf.kind != LeafKind::input && !live.values.contains(value.id())) continue;
    const TensorType type = leaf_rule ? leaf_rule(leaf, value.type()) : value.type();
    mapped[static_cast<std::size_t>(value.id())] = target.add_leaf(leaf.kind, leaf.name, type, leaf.initializer);
  }
  std::size_t index = 0;
  for (const auto& node : source.nodes()) {
    if (!live.nodes[index++]) continue;
    std::vector<Value> inputs;
    for (const Value& input : node->inputs)
      inputs.push_back(input ? mapped[static_cast<std::size_t>(input.id())] : Value());
    target.set_scope(parent(node->name));
    auto outputs = node_rule(*node, inputs, target);
    if (!outputs) outputs = target.add_node(*node->op, node->attributes, inputs);
    for (std::size_t i = 0; i < node->outputs.size() && i < outputs->size(); ++i)
      mapped[static_cast<std::size_t>(node->outputs[i].id())] = (*outputs)[i];
  }
  target.set_scope("");
  for (const GraphOutput& output : source.outputs())
    if (!keep_output || keep_output(output.name))
      target.set_output(output.name, mapped[static_cast<std::size_t>(output.value.id())]);
  return target;
}

Graph live_part(const Graph& source, bool drop_unused_leaves, const OutputChoice& keep_output) {
  return rewrite(
      source, [](const Node&, std::span<const Value>, Graph&) { return std::nullopt; }, {}, drop_unused_leaves,
      keep_output);
}

}  // namespace inlay
