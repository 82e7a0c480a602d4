// Making a cheap result again for the way back instead of keeping it: Chen, Xu, Zhang and Guestrin 2016, "Training deep
// nets with sublinear memory cost".
#pragma once

#include <span>

#include "inlay/graph.h"

namespace inlay {

struct CheapResult {
  bool (*is)(const Value&);
  /// Makes it a second time, of the node's inputs and outputs in the new graph.
  Value (*again)(const Node& node, std::span<const Value> inputs, std::span<const Value> outputs, Graph& target);
};

/// Lets the weight gradients read second results, where the way back has no other use for the first ones.
Graph recompute_for_weights(const Graph& graph, const CheapResult& cheap);

}  // namespace inlay
