// How far a value of the graph sees.
#pragma once

#include <vector>

#include "graph/operator.h"

namespace inlay {

/// In input pixels; infinite behind a global pooling.
struct ReceptiveField {
  double h = 1, w = 1;            // the window that one value sees
  double step_h = 1, step_w = 1;  // from the window of one value to that of the next
};

/// What the node's output sees of its input.
Window window_of(const Node& node);

/// Of every value, by Value::id(). What does not depend on an input sees one pixel.
std::vector<ReceptiveField> receptive_fields(const Graph& graph);

/// Of the outputs, the largest: see Summary::receptive_field_h.
ReceptiveField receptive_field(const Graph& graph);

}  // namespace inlay
