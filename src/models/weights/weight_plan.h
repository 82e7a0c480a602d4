// Which tensor of a file goes where in a network. Nothing is left out without a rule that says so.
#pragma once

#include <string>
#include <vector>

#include "inlay/model.h"
#include "models/weights/weight_map.h"
#include "tensor/weight_file.h"

namespace inlay {

struct WeightPlan {
  Tensors numbers;                    // by our names
  std::vector<std::string> dropped;   // their names
  std::vector<std::string> fresh;     // our names: they keep their first numbers
  std::vector<std::string> problems;  // one line each, with names, types and shapes; empty: the file fits
};

/// Parameters and state of the graph from the tensors of `file`.
WeightPlan plan_weights(const Graph& graph, const WeightFile& file, const WeightMap& map);

}  // namespace inlay
