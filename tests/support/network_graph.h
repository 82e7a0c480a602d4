// A network's graph without its first weights, which take seconds to draw for the large ones.
#pragma once

#include <algorithm>
#include <stdexcept>

#include "models/networks.h"

namespace inlay::testing {

inline Graph network_graph(std::string_view name, const ModelOptions& options = {},
                           const Shape& image = {1, 3, 64, 64}) {
  const auto found = std::ranges::find(networks(), name, &Network::name);
  if (found == networks().end()) throw std::logic_error("no such network");
  Graph graph;
  graph.set_output("logits", (*found)->build(Scope(graph), graph.input("image", {DType::f32, image}), options));
  return graph;
}

}  // namespace inlay::testing
