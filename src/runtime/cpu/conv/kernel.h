// A convolution step: the chosen algorithm behind the kernel's interface.
#pragma once

#include "runtime/cpu/conv/algorithm.h"

namespace inlay {

/// `addresses(pointers)` says which of the step's tensors is what.
std::unique_ptr<Kernel> make_conv_kernel(const ConvProblem& problem, const KernelSpec& spec,
                                         ConvAddresses (*addresses)(const Pointers&));

}  // namespace inlay
