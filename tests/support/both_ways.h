// One graph evaluated by the reference and by Programs in every layout, for tests with expectations of their own.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include "inlay/error.h"
#include "inlay/ops.h"
#include "support/run_program.h"

namespace inlay::testing {

/// The graph's outputs by name.
using Outputs = std::map<std::string, std::vector<double>>;

inline Outputs by_reference(const Graph& graph, const ReferenceValues& numbers, std::uint64_t seed = 0) {
  const auto values = reference_run(graph, numbers, seed);
  Outputs outputs;
  for (const GraphOutput& output : graph.outputs())
    outputs[output.name] = values[static_cast<std::size_t>(output.value.id())].data;
  return outputs;
}

inline Outputs by_program(const Graph& graph, const ReferenceValues& numbers, int block, std::uint64_t seed = 0,
                          int threads = 2) {
  Program program(graph, tensors_for(graph, numbers), {},
                  {.threads = threads, .block = block, .constant_parameters = false});
  program.run(seed);
  Outputs outputs;
  for (const GraphOutput& output : graph.outputs()) outputs[output.name] = to_doubles(program.output(output.name));
  return outputs;
}

/// Calls check(outputs) for the reference and for blocks of 1, 8 and 16.
inline void both_ways(const Graph& graph, const ReferenceValues& numbers,
                      const std::function<void(const Outputs&)>& check, std::uint64_t seed = 0) {
  {
    SCOPED_TRACE("reference");
    check(by_reference(graph, numbers, seed));
  }
  for (int block : {1, 8, 16}) {
    SCOPED_TRACE("program, block " + std::to_string(block));
    check(by_program(graph, numbers, block, seed));
  }
}

/// The message of the InputError that `call` throws; "" and a failure when it throws none.
inline std::string input_error(const std::function<void()>& call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no InputError was thrown";
  return {};
}

}  // namespace inlay::testing
