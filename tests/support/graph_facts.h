// What tests ask of a network's graph.
#pragma once

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "graph/operator.h"
#include "inlay/graph.h"

namespace inlay::testing {

/// The number of trained numbers in leaves whose names begin so.
inline std::int64_t parameters(const Graph& graph, std::string_view prefix = "") {
  std::int64_t count = 0;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::parameter && leaf.name().starts_with(prefix)) count += leaf.shape().elements();
  return count;
}

/// Parameters and state by name.
inline std::set<std::string> tensor_names(const Graph& graph) {
  std::set<std::string> names;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind != LeafKind::input) names.insert(leaf.name());
  return names;
}

inline int count_nodes(const Graph& graph, std::string_view op) {
  int found = 0;
  for (const auto& node : graph.nodes()) found += node->op->name == op ? 1 : 0;
  return found;
}

/// The node of that name; a failure of the test, and the first one, when there is none.
inline const Node& node_of(const Graph& graph, std::string_view name) {
  for (const auto& node : graph.nodes())
    if (node->name == name) return *node;
  ADD_FAILURE() << "no node '" << name << "' in\n" << to_string(graph);
  return *graph.nodes()[0];
}

/// The shape of its first result.
inline Shape result_of(const Graph& graph, std::string_view name) { return node_of(graph, name).outputs[0].shape(); }

}  // namespace inlay::testing
