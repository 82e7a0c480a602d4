// How far an output pixel sees.
#pragma once

#include "inlay/graph.h"

namespace inlay {

struct ReceptiveField {
  double h = 1, w = 1;  // input pixels
};

/// See Summary::receptive_field_h. After a global pooling: the input's size.
ReceptiveField receptive_field(const Graph& graph);

}  // namespace inlay
