// Every operator case: gradients against finite differences, and the adjoint identity where the operator is linear.
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "graph/operator.h"
#include "ops/operators.h"
#include "support/gradient_check.h"

namespace inlay::testing {
namespace {

class EveryCase : public ::testing::TestWithParam<OpCase> {};

TEST_P(EveryCase, GraphIsValidAndPrints) {
  const Graph graph = build(GetParam());
  EXPECT_NO_THROW(verify(graph));
  const std::string text = to_string(graph);
  EXPECT_EQ(to_string(parse_graph(text, find_operator)), text);
}

TEST_P(EveryCase, GradientMatchesFiniteDifferences) {
  if (!GetParam().differentiable) return;
  std::string worst;
  EXPECT_LT(gradient_error(GetParam(), &worst), 1e-6) << "for " << worst;
}

TEST_P(EveryCase, AdjointIdentityHolds) {
  if (!GetParam().linear) return;
  EXPECT_LT(adjoint_error(GetParam()), 1e-12);
}

std::string test_name(const ::testing::TestParamInfo<OpCase>& info) {
  std::string name = info.param.name;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Ops, EveryCase, ::testing::ValuesIn(all_cases()), test_name);

// The check itself must be able to fail: a ReLU with the gradient of the identity.
TEST(GradientCheck, NoticesAWrongGradient) {
  static Operator wrong = kRelu;
  wrong.gradient = [](const GradientCall& call) { return std::vector<Value>{call.output_gradients[0]}; };
  const OpCase bad{"wrong", {picture("x", {1, 2, 3, 3}, Fill::distinct)}, [](auto in) {
                     return in[0].graph().add_node(wrong, {}, {in[0]})[0];
                   }};
  EXPECT_GT(gradient_error(bad), 0.1);
}

TEST(AdjointCheck, NoticesAWrongTranspose) {
  static Operator wrong = kConv2d;
  wrong.gradient = [](const GradientCall& call) {
    return std::vector<Value>{affine(kConv2d.gradient(call)[0], 1.01), Value(), Value()};
  };
  const OpCase bad{"wrong", {picture("x", {1, 2, 4, 4}), picture("w", {2, 2, 3, 3})}, [](auto in) {
                     return in[0].graph().add_node(wrong, {}, {in[0], in[1], Value()})[0];
                   }};
  EXPECT_GT(adjoint_error(bad), 1e-4);
}

}  // namespace
}  // namespace inlay::testing
