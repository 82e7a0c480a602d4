#include "compiler/autodiff.h"

#include <gtest/gtest.h>

#include "graph/operator.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

TEST(Autodiff, AddsTheGradientsOfTwoUses) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {3}});
  const Value y = reduce_sum(add(mul(x, x), affine(x, 3)), {0});  // x^2 + 3x
  g.set_output("dx", gradients(y, std::vector{x})[0]);
  EXPECT_NO_THROW(verify(g));
  both_ways(g, {{"x", {1, -2, 5}}}, [](const Outputs& out) {
    EXPECT_EQ(out.at("dx"), (std::vector<double>{5, -1, 13}));
  });
}

TEST(Autodiff, GivesNothingForWhatDoesNotMatter) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {1}}), other = g.input("other", {DType::f32, {1}});
  const auto d = gradients(relu(x), std::vector{x, other});
  EXPECT_TRUE(d[0]);
  EXPECT_FALSE(d[1]);
}

TEST(Autodiff, StopsAtWhatIsNotAskedFor) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {1, 2, 4, 4}}), w = g.input("w", {DType::f32, {2, 2, 3, 3}});
  const Value y = conv2d(sigmoid(x), w);
  gradients(y, g.input("dy", y.type()), std::vector{w});
  for (const auto& node : g.nodes()) EXPECT_NE(node->op->name, "sigmoid_grad");
}

TEST(Autodiff, AConvolutionsInputIsNotNeededBesideItsGradient) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {1, 2, 4, 4}}), w = g.input("w", {DType::f32, {2, 2, 2, 2}});
  for (const Value& y : {conv2d(x, w), conv_transpose2d(x, w)}) {
    gradients(y, g.input("dy of " + y.node()->name, y.type()), std::vector{x, w});
    const auto& nodes = g.nodes();
    EXPECT_EQ(nodes[nodes.size() - 2]->op->name, "conv2d_weight_grad") << "first, the last that reads x";
    EXPECT_EQ(nodes.back()->outputs[0].type(), x.type());
  }
}

TEST(Autodiff, NamesTheBackwardNodesAfterTheForwardOnes) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {1}});
  g.set_scope("head");
  const Value y = sigmoid(x);
  gradients(y, std::vector{x});
  EXPECT_EQ(g.nodes().back()->name, "head/sigmoid/gradient/sigmoid_grad");
  EXPECT_EQ(g.scope(), "head");
}

TEST(Autodiff, NeedsAScalarOrAGivenGradient) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {3}});
  EXPECT_EQ(input_error([&] { gradients(relu(x), std::vector{x}); }), "only a scalar has gradients, got f32 3");
}

TEST(Autodiff, SaysWhichOperatorHasNoGradient) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {1}});
  const Operator* relu_grad = find_operator("relu_grad");
  g.set_scope("deep");
  const Value y = g.add_node(*relu_grad, {}, {x, x})[0];
  EXPECT_EQ(input_error([&] { gradients(y, std::vector{x}); }),
            "'deep/relu_grad': the operator relu_grad has no gradient");
}

TEST(Autodiff, AWrongShapeFromARuleIsOurBug) {
  Graph g;
  static Operator wrong = *find_operator("relu");
  wrong.gradient = [](const GradientCall& call) {
    return std::vector<Value>{reduce_sum(call.output_gradients[0], {0})};
  };
  const Value x = g.input("x", {DType::f32, {3}});
  const Value y = g.add_node(wrong, {}, {x})[0];
  EXPECT_THROW(gradients(y, g.input("dy", y.type()), std::vector{x}), std::logic_error);
}

}  // namespace
}  // namespace inlay::testing
