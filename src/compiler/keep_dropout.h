// Dropout at inference: Monte-Carlo dropout (Gal and Ghahramani, ICML 2016).
#pragma once

#include "inlay/graph.h"

namespace inlay {

bool has_dropout(const Graph& graph);

/// The same graph with its dropouts on; batch norm keeps to the form that it has. Of instantiate()'s inference form
/// this makes one that draws a net from all those that dropout has trained, at each run by its seed.
Graph keep_dropout(const Graph& graph);

}  // namespace inlay
