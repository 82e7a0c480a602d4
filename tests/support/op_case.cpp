#include "support/op_case.h"

#include <ostream>

#include "base/rng.h"

namespace inlay::testing {

void PrintTo(const OpCase& op_case, std::ostream* out) { *out << op_case.name; }

CaseInput picture(std::string name, Shape shape, Fill fill) {
  return {std::move(name), {DType::f32, shape}, fill, 2, LeafKind::input};
}

std::vector<double> draw(const CaseInput& input, std::uint64_t seed) {
  std::uint64_t key = seed;
  for (char c : input.name) key = mix_keys(key, static_cast<unsigned char>(c));
  Rng rng(key);
  std::vector<double> numbers(static_cast<std::size_t>(input.type.shape.elements()));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    switch (input.fill) {
      case Fill::normal:
        numbers[i] = static_cast<float>(rng.normal());
        break;
      case Fill::positive:
        numbers[i] = static_cast<float>(rng.uniform(0.5, 1.5));
        break;
      case Fill::distinct:
        numbers[i] =
            static_cast<float>((static_cast<double>(i) - static_cast<double>(numbers.size()) / 2 + 0.25) * 0.02);
        break;
      case Fill::labels:
        numbers[i] = rng.chance(0.125) ? 255.0 : static_cast<double>(rng.below(input.classes));
        break;
    }
  }
  if (input.fill == Fill::distinct) shuffle(numbers, rng);
  return numbers;
}

Graph build(const OpCase& op_case) {
  Graph graph;
  std::vector<Value> inputs;
  for (const CaseInput& input : op_case.inputs) inputs.push_back(graph.add_leaf(input.kind, input.name, input.type));
  graph.set_output("y", op_case.build(inputs));
  return graph;
}

}  // namespace inlay::testing
