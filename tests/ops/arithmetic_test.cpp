#include <gtest/gtest.h>

#include "support/both_ways.h"

namespace inlay::testing {
namespace {

TEST(Broadcasting, RepeatsExtentsOfOneOnEitherSide) {
  Graph g;
  const Value a = g.input("a", {DType::f32, {1, 2, 1, 3}}), b = g.input("b", {DType::f32, {1, 1, 2, 1}});
  g.set_output("sum", add(a, b));
  g.set_output("product", mul(a, b));
  g.set_output("ratio", div(a, b));
  both_ways(g, {{"a", {1, 2, 3, 4, 5, 6}}, {"b", {10, 20}}}, [](const Outputs& out) {
    EXPECT_EQ(out.at("sum"), (std::vector<double>{11, 12, 13, 21, 22, 23, 14, 15, 16, 24, 25, 26}));
    EXPECT_EQ(out.at("product"), (std::vector<double>{10, 20, 30, 20, 40, 60, 40, 50, 60, 80, 100, 120}));
    EXPECT_NEAR(out.at("ratio")[11], 0.3, 1e-7);
  });
}

TEST(Broadcasting, SaysWhatDoesNotFit) {
  Graph g;
  const auto f32 = [&](std::string name, Shape shape) { return g.input(std::move(name), {DType::f32, shape}); };
  const Value a = f32("a", {1, 3, 4, 5}), vector = f32("v", {3}), other = f32("b", {1, 2, 4, 5});
  EXPECT_EQ(input_error([&] { add(a, vector); }), "add: a is f32 1x3x4x5, b is f32 3: their ranks differ");
  EXPECT_EQ(input_error([&] { mul(a, other); }),
            "mul: a is f32 1x3x4x5, b is f32 1x2x4x5: 3 and 2 along axis 1 differ and neither is 1");
  EXPECT_EQ(input_error([&] {
              div(a, g.input("l", {DType::u8, {1, 3, 4, 5}}));
            }),
            "div: a is f32 1x3x4x5, b is u8 1x3x4x5, expected f32");
}

TEST(Activations, SayWhatDoesNotFit) {
  Graph g;
  const Value labels = g.input("labels", {DType::u8, {1, 3, 4, 5}}), x = g.input("x", {DType::f32, {1, 3, 4, 5}});
  EXPECT_EQ(input_error([&] { affine(labels, 2); }), "affine: x is u8 1x3x4x5, expected f32");
  EXPECT_EQ(input_error([&] { leaky_relu(labels); }), "leaky_relu: x is u8 1x3x4x5, expected f32");
  EXPECT_EQ(input_error([&] { sigmoid(labels); }), "sigmoid: x is u8 1x3x4x5, expected f32");
  EXPECT_EQ(input_error([&] {
              softmax(g.input("v", {DType::f32, {3}}));
            }),
            "softmax: x is f32 3, expected f32 with shape NxCxHxW");
  EXPECT_EQ(input_error([&] { prelu(x, g.input("s", {DType::f32, {4}})); }), "prelu: slope is f32 4, expected f32 3");
  EXPECT_EQ(input_error([&] { prelu(labels, x); }), "prelu: x is u8 1x3x4x5, expected f32 with shape NxCxHxW");
}

TEST(Activations, SurviveHugeNumbers) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {1, 2, 1, 2}});
  g.set_output("sigmoid", sigmoid(x));
  g.set_output("softmax", softmax(x));
  both_ways(g, {{"x", {1e4, -1e4, -1e4, 3e38}}}, [](const Outputs& out) {
    const std::vector<double> expected{1, 0, 0, 1};
    EXPECT_EQ(out.at("sigmoid"), expected);
    EXPECT_EQ(out.at("softmax"), expected);
  });
}

}  // namespace
}  // namespace inlay::testing
