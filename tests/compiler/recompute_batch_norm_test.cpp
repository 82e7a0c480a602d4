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

/// Leaves %0 to %8.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x4x4\n"
         "input dz: f32 1x3x4x4\n"
         "input small: f32 1x2x2x2\n"
         "input places: i32 1x2x2x2\n"
         "parameter scale: f32 2 constant 0\n"
         "parameter shift: f32 2 constant 0\n"
         "parameter up: f32 2x2x2x2 constant 0\n"
         "state mean: f32 2 constant 0\n"
         "state variance: f32 2 constant 0\n" +
         nodes;
}

/// y is %9, its statistics %10 and %11; the way there reads y.
const std::string kNorm =
    "%9, %10, %11, %12, %13 = batch_norm(x, scale, shift, mean, variance) {training=true, activation=relu} : "
    "f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 \"a/batch_norm\"\n"
    "%14 = sigmoid(%9) : f32 1x2x4x4 \"b/sigmoid\"\n";
const std::string kResult = "output y = %14\n";

std::string weight_grad(const std::string& result, const std::string& y, const std::string& place = "b/gradient/") {
  return result + " = conv2d_weight_grad(" + y + ", dz) {kernel=[1, 1]} : f32 3x2x1x1 \"" + place +
         "conv2d_weight_grad\"\n";
}

std::string again(const std::string& result, const std::string& place = "b/gradient/") {
  return result + " = batch_norm_again(x, scale, shift, %10, %11) {training=true, activation=relu} : f32 1x2x4x4 \"" +
         place + "batch_norm_again\"\n";
}

TEST(RecomputeBatchNorm, AWeightGradientReadsANewY) {
  EXPECT_EQ(after(with_leaves(kNorm + weight_grad("%15", "%9") + kResult + "output dw = %15\n")),
            with_leaves(kNorm + again("%15") + weight_grad("%16", "%15") + kResult + "output dw = %16\n"));
}

TEST(RecomputeBatchNorm, TwoOfThemShareIt) {
  EXPECT_EQ(after(with_leaves(kNorm + weight_grad("%15", "%9") + weight_grad("%16", "%9", "c/gradient/") + kResult +
                              "output dw = %15\noutput dv = %16\n")),
            with_leaves(kNorm + again("%15") + weight_grad("%16", "%15") + weight_grad("%17", "%15", "c/gradient/") +
                        kResult + "output dw = %16\noutput dv = %17\n"));
}

TEST(RecomputeBatchNorm, SoDoesWhatIsMadeForAWeightGradient) {
  const auto made = [](const std::string& up, const std::string& y, const std::string& dw) {
    return up + " = conv_transpose2d(" + y +
           ", up, -) {stride=[2, 2]} : f32 1x2x8x8 \"c/gradient/conv_transpose2d\"\n" + dw + " = conv2d_weight_grad(" +
           up + ", dz) {stride=[2, 2], kernel=[2, 2]} : f32 3x2x2x2 \"c/gradient/conv2d_weight_grad\"\n";
  };
  EXPECT_EQ(
      after(with_leaves(kNorm + made("%15", "%9", "%16") + kResult + "output dw = %16\n")),
      with_leaves(kNorm + again("%15", "c/gradient/") + made("%16", "%15", "%17") + kResult + "output dw = %17\n"));
}

TEST(RecomputeBatchNorm, WhatTheWayBackKeepsAnywayIsRead) {
  const std::string read_later =
      with_leaves(kNorm + weight_grad("%15", "%9") + "%16 = relu(%9) : f32 1x2x4x4 \"relu\"\n" + kResult +
                  "output dw = %15\noutput later = %16\n");
  EXPECT_EQ(after(read_later), read_later);
  const std::string output =
      with_leaves(kNorm + weight_grad("%15", "%9") + kResult + "output dw = %15\noutput normal = %9\n");
  EXPECT_EQ(after(output), output);
}

TEST(RecomputeBatchNorm, WhatOnlyAWeightGradientReadsIsMadeOnce) {
  const std::string norm = kNorm.substr(0, kNorm.find("%14"));
  const std::string text = with_leaves(norm + weight_grad("%14", "%9") + "output dw = %14\n");
  EXPECT_EQ(after(text), text);
}

TEST(RecomputeBatchNorm, WhoAsksForTheShapeAloneKeepsNothing) {
  const auto unpool = [](const std::string& result) {
    return result + " = max_unpool2d(small, places, %9) : f32 1x2x4x4 \"max_unpool2d\"\n";
  };
  EXPECT_EQ(after(with_leaves(kNorm + weight_grad("%15", "%9") + unpool("%16") + kResult +
                              "output dw = %15\noutput large = %16\n")),
            with_leaves(kNorm + again("%15") + weight_grad("%16", "%15") + unpool("%17") + kResult +
                        "output dw = %16\noutput large = %17\n"));
}

TEST(RecomputeBatchNorm, OneInInferenceStays) {
  const std::string text = with_leaves(
      "%9 = batch_norm(x, scale, shift, mean, variance) {activation=relu} : f32 1x2x4x4 \"a/batch_norm\"\n"
      "%10 = sigmoid(%9) : f32 1x2x4x4 \"b/sigmoid\"\n" +
      weight_grad("%11", "%9") + "output y = %10\noutput dw = %11\n");
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

/// Convolutions that read the batch norm's input have no use for its y.
ProgramOptions options_of(std::vector<std::string> skip, int block = 0) {
  skip.push_back("fuse_normalised_input");
  return {.block = block, .constant_parameters = false, .tune = false, .skip_passes = std::move(skip)};
}

class RecomputedBatchNorm : public ::testing::TestWithParam<int> {};

TEST_P(RecomputedBatchNorm, GivesTheSameBits) {
  const Chain net;
  const auto run = [&](const std::vector<std::string>& skip) {
    Program program(net.graph, tensors_for(net.graph, net.numbers), {}, options_of(skip, GetParam()));
    program.run();
    std::map<std::string, std::vector<double>> outputs;
    for (const GraphOutput& output : net.graph.outputs())
      outputs[output.name] = to_doubles(program.output(output.name));
    return std::tuple(outputs, program.dump().find("batch_norm_again(") != std::string::npos, program.arena_bytes());
  };
  const auto [kept, kept_again, kept_bytes] = run({"recompute_batch_norm"});
  const auto [made, made_again, made_bytes] = run({});
  EXPECT_FALSE(kept_again);
  EXPECT_TRUE(made_again);
  EXPECT_EQ(made, kept);
}

INSTANTIATE_TEST_SUITE_P(Blocks, RecomputedBatchNorm, ::testing::Values(1, 8, 16));

TEST(RecomputeBatchNorm, AgreesWithTheReferences) {
  const Chain net;
  EXPECT_LT(program_error(net.graph, net.numbers, options_of({})), 1e-4);
}

}  // namespace
}  // namespace inlay::testing
