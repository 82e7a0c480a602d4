// Our Winograd convolution as an algorithm to choose.
#pragma once

#include "runtime/cpu/conv/algorithm.h"

namespace inlay {

/// Forward, or backward to the data.
std::unique_ptr<ConvAlgorithm> make_winograd_conv(const ConvProblem& problem);
/// Backward to the weights.
std::unique_ptr<ConvAlgorithm> make_winograd_gradient(const ConvProblem& problem);

}  // namespace inlay
