// Batch norms with ReLU in training, whose readers can do the same to each pixel of its input that they read.
#pragma once

#include <vector>

#include "inlay/graph.h"

namespace inlay {

/// Whether this is y of such a batch norm.
bool is_normalised(const Value& value);

/// What Sources wants of it: scale, shift, mean and inverse deviation.
std::vector<Value> normal_inputs(const Node& batch_norm);

}  // namespace inlay
