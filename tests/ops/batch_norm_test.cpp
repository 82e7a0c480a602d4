#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "compiler/autodiff.h"
#include "graph/operator.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

struct Norm {
  Norm(Shape shape, BatchNormOptions o) {
    const TensorType channel{DType::f32, {shape[1]}};
    const Value x = graph.input("x", {DType::f32, shape});
    const Value scale = graph.add_leaf(LeafKind::parameter, "scale", channel);
    const Value y = batch_norm(x, scale, graph.add_leaf(LeafKind::parameter, "shift", channel),
                               graph.add_leaf(LeafKind::state, "mean", channel),
                               graph.add_leaf(LeafKind::state, "variance", channel), o);
    const auto outputs = y.node()->outputs;
    const char* names[] = {"y", "batch_mean", "inverse", "mean", "variance"};
    for (std::size_t i = 0; i < outputs.size(); ++i) graph.set_output(names[i], outputs[i]);
    graph.set_output("dx", gradients(y, y, std::vector{x})[0]);
  }
  Graph graph;
};

TEST(BatchNorm, TrainsByTheBatchAndMovesTheRunningStatistics) {
  // Channel values 1 2 3 6: mean 3, biased variance 3.5, unbiased 14 / 3.
  const Norm norm({2, 1, 1, 2}, {.epsilon = 0.5, .momentum = 0.25, .training = true});
  both_ways(norm.graph, {{"x", {1, 2, 3, 6}}, {"scale", {4}}, {"shift", {10}}, {"mean", {1}}, {"variance", {2}}},
            [](const Outputs& out) {
              for (std::size_t i = 0; i < 4; ++i)
                EXPECT_NEAR(out.at("y")[i], 10 + 4 * (std::vector{1, 2, 3, 6}[i] - 3) / 2.0, 1e-5);
              EXPECT_NEAR(out.at("batch_mean")[0], 3, 1e-6);
              EXPECT_NEAR(out.at("inverse")[0], 0.5, 1e-6);
              EXPECT_NEAR(out.at("mean")[0], 0.75 * 1 + 0.25 * 3, 1e-6);
              EXPECT_NEAR(out.at("variance")[0], 0.75 * 2 + 0.25 * 14 / 3, 1e-6);
            });
}

TEST(BatchNorm, InfersByTheRunningStatistics) {
  const Norm norm({1, 2, 1, 2}, {.epsilon = 1});
  both_ways(norm.graph,
            {{"x", {1, 2, 3, 4}}, {"scale", {2, 1}}, {"shift", {0, 5}}, {"mean", {1, 3}}, {"variance", {3, 0}}},
            [](const Outputs& out) {
              EXPECT_NEAR(out.at("y")[0], 0, 1e-6);
              EXPECT_NEAR(out.at("y")[1], 1, 1e-6);
              EXPECT_NEAR(out.at("y")[2], 5, 1e-6);
              EXPECT_NEAR(out.at("y")[3], 6, 1e-6);
              EXPECT_NEAR(out.at("dx")[1], 1, 1e-6);  // dy = y = 1, scale / sqrt(3 + 1) = 1
            });
}

TEST(BatchNorm, OneValueAChannelGivesTheShiftAndLeavesTheVariance) {
  const Norm norm({1, 2, 1, 1}, {.training = true});
  both_ways(norm.graph, {{"x", {7, -3}}, {"scale", {2, 2}}, {"shift", {1, 4}}, {"mean", {0, 0}}, {"variance", {1, 3}}},
            [](const Outputs& out) {
              EXPECT_NEAR(out.at("y")[0], 1, 1e-6);
              EXPECT_NEAR(out.at("y")[1], 4, 1e-6);
              EXPECT_NEAR(out.at("mean")[1], -0.3, 1e-6);
              EXPECT_NEAR(out.at("variance")[0], 1, 1e-6);
              EXPECT_NEAR(out.at("variance")[1], 3, 1e-6);
              EXPECT_EQ(out.at("dx")[0], 0);
            });
}

TEST(BatchNorm, AMeanFarFromZeroCostsNoDigits) {
  const Norm norm({2, 3, 40, 50}, {.epsilon = 1e-9, .training = true});
  ReferenceValues numbers{{"scale", {1, 1, 1}}, {"shift", {0, 0, 0}}, {"mean", {0, 0, 0}}, {"variance", {1, 1, 1}}};
  Rng rng(1);
  for (int i = 0; i < 12000; ++i) numbers["x"].push_back(static_cast<float>(1000 + 0.1 * rng.normal()));
  const auto expected = by_reference(norm.graph, numbers);
  for (int block : {1, 8, 16}) {
    const auto out = by_program(norm.graph, numbers, block);
    for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(out.at("inverse")[c] / expected.at("inverse")[c], 1, 1e-5) << block;
  }
}

TEST(BatchNorm, UpdatesItsStateInTrainingOnly) {
  const Norm training({1, 2, 2, 2}, {.training = true}), inference({1, 2, 2, 2}, {});
  const Node& in_training = *training.graph.nodes()[0];
  const auto updates = in_training.op->state(in_training.attributes);
  ASSERT_EQ(updates.size(), 2u);
  EXPECT_EQ(updates[0].input, 3);
  EXPECT_EQ(updates[0].output, 3);
  EXPECT_EQ(updates[1].input, 4);
  EXPECT_EQ(updates[1].output, 4);
  const Node& in_inference = *inference.graph.nodes()[0];
  EXPECT_TRUE(in_inference.op->state(in_inference.attributes).empty());
  EXPECT_EQ(in_inference.outputs.size(), 1u);
}

TEST(BatchNorm, SaysWhatDoesNotFit) {
  Graph g;
  const auto f32 = [&](std::string name, Shape shape) { return g.input(std::move(name), {DType::f32, shape}); };
  const Value x = f32("x", {1, 4, 2, 2}), four = f32("four", {4}), three = f32("three", {3});
  EXPECT_EQ(input_error([&] { batch_norm(four, four, four, four, four); }),
            "batch_norm: x is f32 4, expected f32 with shape NxCxHxW");
  EXPECT_EQ(input_error([&] { batch_norm(x, three, four, four, four); }), "batch_norm: scale is f32 3, expected f32 4");
  EXPECT_EQ(input_error([&] { batch_norm(x, four, three, four, four); }), "batch_norm: shift is f32 3, expected f32 4");
  EXPECT_EQ(input_error([&] { batch_norm(x, four, four, three, four); }), "batch_norm: mean is f32 3, expected f32 4");
  EXPECT_EQ(input_error([&] { batch_norm(x, four, four, four, three); }),
            "batch_norm: variance is f32 3, expected f32 4");
  EXPECT_EQ(input_error([&] { batch_norm(x, four, four, four, four, {.epsilon = 0}); }),
            "batch_norm: epsilon is 0, expected > 0");
  EXPECT_EQ(input_error([&] { batch_norm(x, four, four, four, four, {.momentum = 1.5}); }),
            "batch_norm: momentum is 1.5, expected 0 to 1");
  const Value mean = batch_norm(x, four, four, four, four, {.training = true}).node()->outputs[1];
  EXPECT_EQ(input_error([&] { gradients(mean, mean, std::vector{x}); }),
            "'batch_norm': the batch's statistics have no gradient, only y has one");
}

}  // namespace
}  // namespace inlay::testing
