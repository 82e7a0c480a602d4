#include <unordered_set>

#include "base/fail.h"
#include "graph/operator.h"
#include "inlay/graph.h"

namespace inlay {
namespace {

[[noreturn]] void broken(const Node& node, const std::string& what) {
  throw std::logic_error(fmt::format("graph is broken at '{}' ({}): {}", node.name, node.op->name, what));
}

}  // namespace

void verify(const Graph& graph) {
  std::unordered_set<int> defined;
  std::unordered_set<std::string> names;
  for (const Value& leaf : graph.leaves()) {
    defined.insert(leaf.id());
    if (!names.insert(leaf.leaf()->name).second)
      throw std::logic_error(fmt::format("two leaves are named '{}'", leaf.leaf()->name));
  }
  for (const auto& node : graph.nodes()) {
    std::vector<TensorType> types;
    for (const Value& input : node->inputs) {
      if (input && !(input.graph() == graph)) broken(*node, "an input belongs to another graph");
      if (input && !defined.contains(input.id()))
        broken(*node, fmt::format("{} is used before it is made", input.name()));
      types.push_back(input ? input.type() : absent_type());
    }
    const auto expected = node->op->shape(node->attributes, types);
    if (expected.size() != node->outputs.size()) broken(*node, "wrong number of outputs");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (expected[i] != node->outputs[i].type())
        broken(*node, fmt::format("output {} is {}, the rule says {}", i, to_string(node->outputs[i].type()),
                                  to_string(expected[i])));
      defined.insert(node->outputs[i].id());
    }
  }
  for (const GraphOutput& output : graph.outputs())
    if (!output.value || !defined.contains(output.value.id()))
      throw std::logic_error(fmt::format("output '{}' has no value", output.name));
}

}  // namespace inlay
