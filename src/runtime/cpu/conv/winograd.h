// Our Winograd convolution as an algorithm to choose, by the size of its tiles: 4 or 6.
#pragma once

#include "runtime/cpu/conv/algorithm.h"

namespace inlay {

/// Forward, or backward to the data.
std::unique_ptr<ConvAlgorithm> make_winograd_conv(const ConvProblem& problem, std::int64_t tile);
/// Backward to the weights.
std::unique_ptr<ConvAlgorithm> make_winograd_gradient(const ConvProblem& problem, std::int64_t tile);

}  // namespace inlay
