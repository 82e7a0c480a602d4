// Our convolution of pictures of few channels as an algorithm to choose.
#pragma once

#include "runtime/cpu/conv/algorithm.h"

namespace inlay {

std::unique_ptr<ConvAlgorithm> make_few_channels_conv(const ConvProblem& problem);
/// Backward to the weights.
std::unique_ptr<ConvAlgorithm> make_few_channels_gradient(const ConvProblem& problem);

}  // namespace inlay
