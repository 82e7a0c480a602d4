// Our convolution by products of three bf16 products, as an algorithm to choose.
#pragma once

#include "runtime/cpu/conv/algorithm.h"

namespace inlay {

/// Forward, or backward to the data.
std::unique_ptr<ConvAlgorithm> make_bf16x3_conv(const ConvProblem& problem);
/// Backward to the weights.
std::unique_ptr<ConvAlgorithm> make_bf16x3_gradient(const ConvProblem& problem);

}  // namespace inlay
