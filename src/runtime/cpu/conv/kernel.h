// A convolution step: the chosen algorithm behind the kernel's interface.
#pragma once

#include "ops/joined.h"
#include "runtime/cpu/conv/algorithm.h"

namespace inlay {

/// The type of x as its sources are read.
TensorType joined_type(std::span<const Buffer> inputs, const Sources& sources);
/// The channels of inputs[0] and the inputs from `more` on; empty when there is only one.
std::vector<std::int64_t> part_channels(std::span<const Buffer> inputs, std::size_t more);
/// The addresses of inputs[0] and the inputs from `more` on.
std::vector<std::byte*> part_addresses(std::span<std::byte* const> inputs, std::size_t more);
/// Those of the numbers of normalised sources.
std::vector<std::byte*> normal_addresses(std::span<std::byte* const> inputs, const Sources& sources);

/// `addresses(pointers)` says which of the step's tensors is what.
std::unique_ptr<Kernel> make_conv_kernel(const ConvProblem& problem, const KernelSpec& spec,
                                         std::function<ConvAddresses(const Pointers&)> addresses);

}  // namespace inlay
