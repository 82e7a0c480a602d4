// What oneDNN offers for a convolution.
#pragma once

#include <string>
#include <vector>

#include "runtime/cpu/conv/problem.h"
#include "runtime/cpu/onednn.h"

namespace inlay::onednn {

struct ConvPrimitive {
  std::string_view algorithm;  // "direct", "onednn_winograd", "gemm" or "reference"
  dnnl::primitive primitive;
  dnnl::memory::desc weights, scratchpad;
  bool adds = false, activates = false;  // what it does of the problem's epilogue; it adds to what lies at y
};

/// Direct first; reference code only when there is nothing else.
std::vector<ConvPrimitive> conv_primitives(const ConvProblem& problem);

}  // namespace inlay::onednn
