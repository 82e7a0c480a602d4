// Batch norm's y worked out again for the way back: text in, text out, the same bits, and less memory.
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "compiler/passes.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kRecomputeBatchNorm.run(parse_graph(text, find_operator), constants));
}

std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x4x4\n"
         "input dz: f32 1x3x4x4\n"
         "parameter scale: f32 2 constant 0\n"
         "parameter shift: f32 2 constant 0\n"
         "state mean: f32 2 constant 0\n"
         "state variance: f32 2 constant 0\n" +
         nodes;
}

const std::string kNorm =
    "%6, %7, %8, %9, %10 = batch_norm(x, scale, shift, mean, variance) {training=true, activation=relu} : f32 1x2x4x4, "
    "f32 2, f32 2, f32 2, f32 2 \"a/batch_norm\"\n";

std::string weight_grad(const std::string& result, const std::string& y, const std::string& place = "b/gradient/") {
  return result + " = conv2d_weight_grad(" + y + ", dz) {kernel=[1, 1]} : f32 3x2x1x1 \"" + place +
         "conv2d_weight_grad\"\n";
}

std::string again(const std::string& result) {
  return result + " = batch_norm_again(x, scale, shift, %7, %8) {training=true, activation=relu} : f32 1x2x4x4 " +
         "\"b/gradient/batch_norm_again\"\n";
}

TEST(RecomputeBatchNorm, AWeightGradientReadsANewY) {
  EXPECT_EQ(after(with_leaves(kNorm + weight_grad("%11", "%6") + "output dw = %11\n")),
            with_leaves(kNorm + again("%11") + weight_grad("%12", "%11") + "output dw = %12\n"));
}

TEST(RecomputeBatchNorm, TwoOfThemShareIt) {
  EXPECT_EQ(after(with_leaves(kNorm + weight_grad("%11", "%6") + weight_grad("%12", "%6", "c/gradient/") +
                              "output dw = %11\noutput dv = %12\n")),
            with_leaves(kNorm + again("%11") + weight_grad("%12", "%11") + weight_grad("%13", "%11", "c/gradient/") +
                        "output dw = %12\noutput dv = %13\n"));
}

TEST(RecomputeBatchNorm, WhatTheWayBackKeepsAnywayIsRead) {
  const std::string read_later = with_leaves(kNorm + weight_grad("%11", "%6") +
                                             "%12 = sigmoid(%6) : f32 1x2x4x4 \"sigmoid\"\n"
                                             "output dw = %11\noutput later = %12\n");
  EXPECT_EQ(after(read_later), read_later);
  const std::string output = with_leaves(kNorm + weight_grad("%11", "%6") + "output dw = %11\noutput y = %6\n");
  EXPECT_EQ(after(output), output);
}

TEST(RecomputeBatchNorm, WhoAsksForTheShapeAloneKeepsNothing) {
  const auto unpool = [](const std::string& result) {
    return result + " = max_unpool2d(small, places, %8) : f32 1x2x4x4 \"max_unpool2d\"\n";
  };
  const auto text = [](const std::string& nodes) {
    return with_leaves("input small: f32 1x2x2x2\ninput places: i32 1x2x2x2\n" + nodes);
  };
  const std::string norm =
      "%8, %9, %10, %11, %12 = batch_norm(x, scale, shift, mean, variance) {training=true} : f32 1x2x4x4, f32 2, f32 "
      "2, "
      "f32 2, f32 2 \"a/batch_norm\"\n";
  const std::string rest = "output dw = %14\noutput large = %15\n";
  EXPECT_EQ(after(text(norm + weight_grad("%13", "%8") + unpool("%14") + "output dw = %13\noutput large = %14\n")),
            text(norm +
                 "%13 = batch_norm_again(x, scale, shift, %9, %10) {training=true} : f32 1x2x4x4 "
                 "\"b/gradient/batch_norm_again\"\n" +
                 weight_grad("%14", "%13") + unpool("%15") + rest));
}

TEST(RecomputeBatchNorm, OneInInferenceStays) {
  const std::string text = with_leaves(
      "%6 = batch_norm(x, scale, shift, mean, variance) {activation=relu} : f32 1x2x4x4 \"a/batch_norm\"\n" +
      weight_grad("%7", "%6") + "output dw = %7\n");
  EXPECT_EQ(after(text), text);
}

/// Three convolutions with batch norm and ReLU, a sum of squares, and the gradients of all weights.
struct Chain {
  Chain() {
    const auto leaf = [&](const std::string& name, Shape shape, LeafKind kind, Fill fill = Fill::normal) {
      numbers[name] = draw({name, {DType::f32, shape}, fill}, 5);
      return graph.add_leaf(kind, name, {DType::f32, shape});
    };
    Value x = leaf("x", {2, 3, 21, 18}, LeafKind::input);
    std::vector<Value> weights;
    for (const char* layer : {"a", "b", "c"}) {
      const auto name = [&](const char* what) { return std::string(layer) + what; };
      weights.push_back(leaf(name("/weight"), {19, x.shape()[1], 3, 3}, LeafKind::parameter));
      weights.push_back(leaf(name("/scale"), {19}, LeafKind::parameter));
      weights.push_back(leaf(name("/shift"), {19}, LeafKind::parameter));
      const Value mean = leaf(name("/mean"), {19}, LeafKind::state);
      const Value variance = leaf(name("/variance"), {19}, LeafKind::state, Fill::positive);
      x = conv2d(x, weights[weights.size() - 3], {}, {.padding = 1});
      x = relu(batch_norm(x, weights[weights.size() - 2], weights.back(), mean, variance, {.training = true}));
    }
    const std::vector<Value> found = gradients(x, mul(x, x), weights);
    for (std::size_t i = 0; i < found.size(); ++i) graph.set_output("d " + weights[i].name(), found[i]);
  }
  Graph graph;
  ReferenceValues numbers;
};

ProgramOptions options_of(MemoryUse memory, int block = 0) {
  return {.block = block, .constant_parameters = false, .memory = memory, .tune = false};
}

class RecomputedBatchNorm : public ::testing::TestWithParam<int> {};

TEST_P(RecomputedBatchNorm, GivesTheSameBits) {
  const Chain net;
  const auto run = [&](MemoryUse memory) {
    Program program(net.graph, tensors_for(net.graph, net.numbers), {}, options_of(memory, GetParam()));
    program.run();
    std::map<std::string, std::vector<double>> outputs;
    for (const GraphOutput& output : net.graph.outputs())
      outputs[output.name] = to_doubles(program.output(output.name));
    return std::tuple(outputs, program.dump().find("batch_norm_again(") != std::string::npos, program.arena_bytes());
  };
  const auto [kept, kept_again, kept_bytes] = run(MemoryUse::usual);
  const auto [low, low_again, low_bytes] = run(MemoryUse::low);
  EXPECT_FALSE(kept_again);
  EXPECT_TRUE(low_again);
  EXPECT_EQ(low, kept);
}

INSTANTIATE_TEST_SUITE_P(Blocks, RecomputedBatchNorm, ::testing::Values(1, 8, 16));

TEST(RecomputeBatchNorm, AgreesWithTheReferences) {
  const Chain net;
  EXPECT_LT(program_error(net.graph, net.numbers, options_of(MemoryUse::low)), 1e-4);
}

}  // namespace
}  // namespace inlay::testing
