// Building one graph from another: how every pass is written.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "inlay/graph.h"

namespace inlay {

/// Node by node in running order: given the node and its inputs in the new graph, returns the values that replace its
/// outputs, or nothing to copy it as it is. Every new node goes into `target`.
using NodeRewrite =
    std::function<std::optional<std::vector<Value>>(const Node&, std::span<const Value> inputs, Graph& target)>;

/// May give a leaf another type.
using LeafRewrite = std::function<TensorType(const Leaf&, const TensorType&)>;

/// Says by name which outputs the new graph has.
using OutputChoice = std::function<bool(std::string_view)>;

/// A new graph with the same leaves and outputs (or the chosen ones). Nodes that no output and no state update needs
/// are left out; so are unused leaves other than inputs when `drop_unused_leaves`.
Graph rewrite(const Graph& source, const NodeRewrite& node_rule, const LeafRewrite& leaf_rule = {},
              bool drop_unused_leaves = false, const OutputChoice& keep_output = {});

/// The same graph without the nodes that no output (or no chosen one) and no state update needs.
Graph live_part(const Graph& source, bool drop_unused_leaves = false, const OutputChoice& keep_output = {});

/// One flag a node, in order: does an output or a state update depend on it?
std::vector<bool> live_nodes(const Graph& graph);

}  // namespace inlay
