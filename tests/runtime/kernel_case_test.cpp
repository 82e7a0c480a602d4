// Every operator case and its gradients: the fast kernels against the references, in every layout.
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "runtime/cpu/kernel.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

/// The case's output and, where it has them, the gradients of all its f32 leaves.
Graph with_gradients(const OpCase& op_case) {
  Graph graph = build(op_case);
  if (!op_case.differentiable) return graph;
  std::vector<Value> wrt;
  for (const Value& leaf : graph.leaves())
    if (leaf.type().dtype == DType::f32 && leaf.leaf()->kind != LeafKind::state) wrt.push_back(leaf);
  const Value y = graph.output("y");
  const auto dx = gradients(y, graph.input("dy", y.type()), wrt);
  for (std::size_t i = 0; i < wrt.size(); ++i)
    if (dx[i]) graph.set_output("d" + wrt[i].name(), dx[i]);
  return graph;
}

ReferenceValues numbers_for(const OpCase& op_case, const Graph& graph) {
  ReferenceValues numbers;
  for (const CaseInput& input : op_case.inputs) numbers[input.name] = draw(input, 7);
  if (const Value dy = graph.find_leaf("dy")) numbers["dy"] = draw({"dy", dy.type()}, 11);
  return numbers;
}

class EveryCase : public ::testing::TestWithParam<std::tuple<OpCase, int>> {};

TEST_P(EveryCase, ProgramMatchesReference) {
  const auto& [op_case, block] = GetParam();
  const Graph graph = with_gradients(op_case);
  for (const bool constant : {false, true}) {
    std::string worst;
    EXPECT_LT(program_error(graph, numbers_for(op_case, graph),
                            {.threads = 2, .block = block, .constant_parameters = constant}, &worst),
              1e-5)
        << "output " << worst << ", constant parameters: " << constant;
  }
}

std::string test_name(const ::testing::TestParamInfo<std::tuple<OpCase, int>>& info) {
  std::string name = std::get<0>(info.param).name + "_block" + std::to_string(std::get<1>(info.param));
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Kernels, EveryCase,
                         ::testing::Combine(::testing::ValuesIn(all_cases()), ::testing::Values(1, 8, 16)), test_name);

}  // namespace
}  // namespace inlay::testing
