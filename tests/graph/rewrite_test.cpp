#include "graph/rewrite.h"

#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

std::optional<std::vector<Value>> keep(const Node&, std::span<const Value>, Graph&) { return std::nullopt; }

TEST(Rewrite, DropsNodesThatNothingNeeds) {
  const Graph graph = parse_graph(
      "input x: f32 4\n"
      "parameter w: f32 4 constant 1\n"
      "%2 = mul(x, w) : f32 4 \"a/mul\"\n"
      "%3 = relu(x) : f32 4 \"a/relu\"\n"
      "output y = %3\n",
      find_operator);
  EXPECT_EQ(live_nodes(graph), (std::vector<bool>{false, true}));
  EXPECT_EQ(to_string(rewrite(graph, keep)),
            "input x: f32 4\n"
            "parameter w: f32 4 constant 1\n"
            "%2 = relu(x) : f32 4 \"a/relu\"\n"
            "output y = %2\n");
  EXPECT_EQ(to_string(rewrite(graph, keep, {}, true)),
            "input x: f32 4\n"
            "%1 = relu(x) : f32 4 \"a/relu\"\n"
            "output y = %1\n");
}

TEST(Rewrite, KeepsNodesThatMoveState) {
  const Graph graph = parse_graph(
      "input x: f32 1x2x3x3\n"
      "parameter scale: f32 2 constant 1\n"
      "parameter shift: f32 2 constant 0\n"
      "state mean: f32 2 constant 0\n"
      "state variance: f32 2 constant 1\n"
      "%5, %6, %7, %8, %9 = batch_norm(x, scale, shift, mean, variance) {training=true} : "
      "f32 1x2x3x3, f32 2, f32 2, f32 2, f32 2 \"batch_norm\"\n"
      "output y = x\n",
      find_operator);
  EXPECT_EQ(live_nodes(graph), (std::vector<bool>{true}));
  EXPECT_EQ(to_string(rewrite(graph, keep)), to_string(graph));
}

TEST(Rewrite, ReplacesNodes) {
  const Graph graph = parse_graph(
      "input x: f32 4\n"
      "%1 = sigmoid(x) : f32 4 \"a/sigmoid\"\n"
      "%2 = relu(%1) : f32 4 \"b/relu\"\n"
      "output y = %2\n",
      find_operator);
  const Graph changed =
      rewrite(graph, [](const Node& node, std::span<const Value> in, Graph&) -> std::optional<std::vector<Value>> {
        if (node.op->name == "relu") return std::vector<Value>{in[0]};
        return std::vector<Value>{leaky_relu(affine(in[0], 2))};
      });
  EXPECT_EQ(to_string(changed),
            "input x: f32 4\n"
            "%1 = affine(x) {scale=2.0} : f32 4 \"a/affine\"\n"
            "%2 = leaky_relu(%1) : f32 4 \"a/leaky_relu\"\n"
            "output y = %2\n");
}

TEST(Rewrite, ChangesTheTypesOfLeaves) {
  const Graph graph =
      parse_graph("input x: f32 1x1x2x2\n%1 = relu(x) : f32 1x1x2x2 \"relu\"\noutput y = %1\n", find_operator);
  const Graph larger = rewrite(graph, keep, [](const Leaf&, const TensorType&) {
    return TensorType{DType::f32, {1, 1, 8, 8}};
  });
  EXPECT_EQ(larger.output("y").shape(), (Shape{1, 1, 8, 8}));
  EXPECT_EQ(graph.output("y").shape(), (Shape{1, 1, 2, 2}));
}

}  // namespace
}  // namespace inlay
