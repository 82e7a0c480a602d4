// How the workflows come by a network.
#pragma once

#include "inlay/workflow.h"

namespace inlay::workflow {

/// open_net() for those who look at the graph alone: a network by name comes without tensors.
Model open_graph(const NetChoice& choice);

}  // namespace inlay::workflow
