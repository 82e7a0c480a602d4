#include "support/run_program.h"

#include <algorithm>
#include <cmath>

namespace inlay::testing {

Bindings tensors_for(const Graph& graph, const ReferenceValues& numbers) {
  Bindings tensors;
  for (const Value& leaf : graph.leaves()) {
    Tensor tensor(leaf.type().dtype, leaf.shape());
    const std::vector<double>& from = numbers.at(leaf.name());
    const auto copy = [&](auto to) {
      using T = typename decltype(to)::value_type;
      std::ranges::transform(from, to.begin(), [](double v) { return static_cast<T>(v); });
    };
    if (tensor.type() == DType::f32) copy(tensor.data<float>());
    if (tensor.type() == DType::u8) copy(tensor.data<std::uint8_t>());
    if (tensor.type() == DType::i32) copy(tensor.data<std::int32_t>());
    tensors[leaf.name()] = tensor;
  }
  return tensors;
}

std::vector<double> to_doubles(const Tensor& tensor) {
  const auto copy = [](auto from) { return std::vector<double>(from.begin(), from.end()); };
  if (tensor.type() == DType::u8) return copy(tensor.data<std::uint8_t>());
  if (tensor.type() == DType::i32) return copy(tensor.data<std::int32_t>());
  return copy(tensor.data<float>());
}

double program_error(const Graph& graph, const ReferenceValues& numbers, ProgramOptions options, std::string* worst) {
  constexpr std::uint64_t kSeed = 3;
  const auto expected = reference_run(graph, numbers, kSeed);
  Program program(graph, tensors_for(graph, numbers), {}, options);
  program.run(kSeed);
  double error = 0;
  for (const GraphOutput& output : graph.outputs()) {
    const auto& want = expected[static_cast<std::size_t>(output.value.id())].data;
    const auto got = to_doubles(program.output(output.name));
    double scale = 1e-3, difference = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
      scale = std::max(scale, std::abs(want[i]));
      difference = std::max(difference, std::isfinite(got[i]) ? std::abs(want[i] - got[i]) : 1e30);
    }
    if (difference / scale > error) {
      error = difference / scale;
      if (worst) *worst = output.name;
    }
  }
  return error;
}

bool splits_numbers(const Graph& graph, const ReferenceValues& numbers, const ProgramOptions& options) {
  return Program(graph, tensors_for(graph, numbers), {}, options).algorithms().contains("bf16x3");
}

}  // namespace inlay::testing
