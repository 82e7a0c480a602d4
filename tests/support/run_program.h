// Running a graph by Program and by the reference on the same numbers.
#pragma once

#include "inlay/program.h"
#include "runtime/reference/reference_run.h"

namespace inlay::testing {

/// Tensors with the given numbers for every leaf of the graph.
Bindings tensors_for(const Graph& graph, const ReferenceValues& numbers);

/// The elements of any tensor as doubles.
std::vector<double> to_doubles(const Tensor& tensor);

/// The largest difference between Program and reference over all graph outputs, relative to the largest reference value
/// (at least 1e-3); `worst` names the output.
double program_error(const Graph& graph, const ReferenceValues& numbers, ProgramOptions options,
                     std::string* worst = nullptr);

/// Whether some convolution of it multiplies halves of numbers (bf16x3), whose rounding is larger: also where the
/// algorithm that was asked for does not do the problem, and the machine has matrix units.
bool splits_numbers(const Graph& graph, const ReferenceValues& numbers, const ProgramOptions& options);

}  // namespace inlay::testing
