// Batch norms with ReLU in training, whose readers can do the same to each pixel of its input that they read.
#pragma once

#include <vector>

#include "inlay/graph.h"
#include "inlay/options.h"

namespace inlay {

/// Whether this is y of such a batch norm.
bool is_normalised(const Value& value);

/// Whether our own code does such a convolution tile by tile, where reading and summing on the way costs no trip.
constexpr bool goes_by_tiles(Size2 kernel, Size2 stride, std::int64_t groups) {
  return kernel.h >= 3 && kernel.w >= 3 && stride == Size2(1) && groups == 1;
}

/// What Sources wants of it: scale, shift, mean and inverse deviation.
std::vector<Value> normal_inputs(const Node& batch_norm);

}  // namespace inlay
