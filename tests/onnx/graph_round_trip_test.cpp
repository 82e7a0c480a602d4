// Every operator case that has an ONNX form: written, checked by ONNX's own checker, read back, the same numbers.
#include <gtest/gtest.h>
#include <onnx/checker.h>

#include <algorithm>
#include <cmath>

#include "onnx/export_graph.h"
#include "onnx/import_graph.h"
#include "runtime/reference/reference_run.h"
#include "support/op_case.h"

namespace inlay {
namespace {

using testing::OpCase;

class EveryOnnxCase : public ::testing::TestWithParam<OpCase> {};

/// Parameters and state of a case as the file will hold them.
Tensors tensors_of(const OpCase& op_case) {
  Tensors tensors;
  for (const testing::CaseInput& input : op_case.inputs) {
    if (input.kind == LeafKind::input) continue;
    Tensor tensor(DType::f32, input.type.shape);
    std::ranges::transform(testing::draw(input, 7), tensor.data<float>().begin(),
                           [](double v) { return static_cast<float>(v); });
    tensors.emplace(input.name, tensor);
  }
  return tensors;
}

std::vector<double> result(const Graph& graph, const ReferenceValues& numbers) {
  return reference_run(graph, numbers)[static_cast<std::size_t>(graph.output("y").id())].data;
}

TEST_P(EveryOnnxCase, ComesBackTheSame) {
  const Graph graph = build(GetParam());
  ReferenceValues numbers;
  ImportOptions options;
  for (const testing::CaseInput& input : GetParam().inputs) {
    numbers[input.name] = testing::draw(input, 7);
    options.input_shapes[input.name] = input.type.shape;
  }
  const onnx::ModelProto model = export_model(graph, tensors_of(GetParam()));
  EXPECT_NO_THROW(onnx::checker::check_model(model)) << model.DebugString();
  // Unpooling of overlapping windows adds up, which ONNX says only as a sum over flat lists: written, not read back.
  if (std::ranges::any_of(model.graph().node(), [](const auto& node) { return node.op_type() == "ScatterElements"; }))
    return;
  const ImportedGraph read = import_graph(model, options);
  EXPECT_NO_THROW(verify(read.graph));
  EXPECT_EQ(read.graph.output("y").type(), graph.output("y").type());
  const std::vector<double> expected = result(graph, numbers);
  for (const auto& [name, tensor] : read.tensors)
    numbers[name] = {tensor.data<float>().begin(), tensor.data<float>().end()};
  const std::vector<double> got = result(read.graph, numbers);
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 1e-6 * (1 + std::abs(expected[i]))) << i;
}

std::vector<OpCase> onnx_cases() {
  std::vector<OpCase> cases = testing::all_cases();
  std::erase_if(cases, [](const OpCase& op_case) { return !op_case.onnx; });
  return cases;
}

std::string test_name(const ::testing::TestParamInfo<OpCase>& instance) {
  std::string name = instance.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Onnx, EveryOnnxCase, ::testing::ValuesIn(onnx_cases()), test_name);

}  // namespace
}  // namespace inlay
