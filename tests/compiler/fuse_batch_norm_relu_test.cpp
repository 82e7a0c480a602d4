// ReLU inside the batch norm, forward and backward: text in, text out, and the same bits.
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "compiler/passes.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

std::string after(const Pass& pass, std::string_view text) {
  Constants constants;
  return to_string(pass.run(parse_graph(text, find_operator), constants));
}

constexpr const char* kLeaves =
    "input x: f32 1x2x4x4\n"
    "input dy: f32 1x2x4x4\n"
    "parameter scale: f32 2 constant 0\n"
    "parameter shift: f32 2 constant 0\n"
    "state mean: f32 2 constant 0\n"
    "state variance: f32 2 constant 0\n";

std::string with_leaves(const char* nodes) { return std::string(kLeaves) + nodes; }

constexpr const char* kTypes = " : f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2";

std::string training(const char* options, const std::string& rest) {
  return with_leaves("%6, %7, %8, %9, %10 = batch_norm(x, scale, shift, mean, variance) {") + options + "}" + kTypes +
         " \"a/batch_norm\"\n" + rest;
}

TEST(FuseBatchNormRelu, MovesReluIntoTheBatchNorm) {
  EXPECT_EQ(after(kFuseBatchNormRelu, training("training=true",
                                               "%11 = relu(%6) : f32 1x2x4x4 \"a/relu\"\n"
                                               "output y = %11\n"
                                               "output inverse = %8\n")),
            training("training=true, activation=relu", "output y = %6\noutput inverse = %8\n"));
}

TEST(FuseBatchNormRelu, WorksInInference) {
  EXPECT_EQ(after(kFuseBatchNormRelu,
                  with_leaves("%6 = batch_norm(x, scale, shift, mean, variance) : f32 1x2x4x4 \"batch_norm\"\n"
                              "%7 = relu(%6) : f32 1x2x4x4 \"relu\"\n"
                              "output y = %7\n")),
            with_leaves("%6 = batch_norm(x, scale, shift, mean, variance) {activation=relu} : f32 1x2x4x4 "
                        "\"batch_norm\"\n"
                        "output y = %6\n"));
}

TEST(FuseBatchNormRelu, LeavesABatchNormThatIsReadTwice) {
  const std::string text = training("training=true",
                                    "%11 = relu(%6) : f32 1x2x4x4 \"a/relu\"\n"
                                    "output y = %11\n"
                                    "output normal = %6\n");
  EXPECT_EQ(after(kFuseBatchNormRelu, text), text);
}

TEST(FuseBatchNormRelu, LeavesReluOfTheStatistics) {
  const std::string text = training("training=true",
                                    "%11 = relu(%7) : f32 2 \"a/relu\"\n"
                                    "output y = %6\n"
                                    "output mean = %11\n");
  EXPECT_EQ(after(kFuseBatchNormRelu, text), text);
}

TEST(FuseBatchNormReluGrad, MovesReluGradIntoBatchNormGrad) {
  EXPECT_EQ(after(kFuseBatchNormReluGrad,
                  training("training=true, activation=relu",
                           "%11 = relu_grad(dy, %6) : f32 1x2x4x4 \"a/relu/gradient/relu_grad\"\n"
                           "%12, %13, %14 = batch_norm_grad(%11, x, scale, %7, %8) {training=true} : f32 1x2x4x4, "
                           "f32 2, f32 2 \"a/batch_norm/gradient/batch_norm_grad\"\n"
                           "output y = %6\n"
                           "output dx = %12\n")),
            training("training=true, activation=relu",
                     "%11, %12, %13 = batch_norm_grad(dy, x, scale, %7, %8, shift) {training=true, activation=relu} : "
                     "f32 1x2x4x4, f32 2, f32 2 \"a/batch_norm/gradient/batch_norm_grad\"\n"
                     "output y = %6\n"
                     "output dx = %11\n"));
}

TEST(FuseBatchNormReluGrad, LeavesAReluGradThatIsReadTwice) {
  const std::string text = training("training=true, activation=relu",
                                    "%11 = relu_grad(dy, %6) : f32 1x2x4x4 \"a/relu_grad\"\n"
                                    "%12, %13, %14 = batch_norm_grad(%11, x, scale, %7, %8) {training=true} : "
                                    "f32 1x2x4x4, f32 2, f32 2 \"a/batch_norm_grad\"\n"
                                    "output d = %11\n"
                                    "output dx = %12\n");
  EXPECT_EQ(after(kFuseBatchNormReluGrad, text), text);
}

TEST(FuseBatchNormReluGrad, LeavesTheGradientOfAnotherBatchNorm) {
  const std::string text = training("training=true, activation=relu",
                                    "%11 = relu_grad(dy, %6) : f32 1x2x4x4 \"a/relu_grad\"\n"
                                    "%12, %13, %14 = batch_norm_grad(%11, dy, scale, %7, %8) {training=true} : "
                                    "f32 1x2x4x4, f32 2, f32 2 \"a/batch_norm_grad\"\n"
                                    "output y = %6\n"
                                    "output dx = %12\n");
  EXPECT_EQ(after(kFuseBatchNormReluGrad, text), text);
}

/// relu(batch_norm(x)) with all its gradients.
struct Norm {
  explicit Norm(bool training) {
    const auto leaf = [&](std::string name, Shape shape, LeafKind kind, Fill fill = Fill::normal) {
      numbers[name] = draw({name, {DType::f32, shape}, fill}, 3);
      return graph.add_leaf(kind, name, {DType::f32, shape});
    };
    const Value x = leaf("x", {2, 19, 9, 7}, LeafKind::input);
    const Value scale = leaf("scale", {19}, LeafKind::parameter), shift = leaf("shift", {19}, LeafKind::parameter);
    const Value y = relu(batch_norm(x, scale, shift, leaf("mean", {19}, LeafKind::state),
                                    leaf("variance", {19}, LeafKind::state, Fill::positive), {.training = training}));
    const Value dy = leaf("dy", {2, 19, 9, 7}, LeafKind::input);
    graph.set_output("y", y);
    const Value wrt[] = {x, scale, shift};
    for (const Value& d : gradients(y, dy, wrt)) graph.set_output("d" + d.name(), d);
  }
  Graph graph;
  ReferenceValues numbers;
};

class FusedBatchNorm : public ::testing::TestWithParam<std::tuple<bool, int>> {};

TEST_P(FusedBatchNorm, GivesTheSameBitsAsSingleSteps) {
  const auto [training, block] = GetParam();
  const Norm net(training);
  const auto run = [&](std::vector<std::string> skip) {
    Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                    {.block = block, .constant_parameters = false, .skip_passes = std::move(skip)});
    program.run();
    std::map<std::string, std::vector<double>> outputs;
    for (const GraphOutput& output : net.graph.outputs())
      outputs[output.name] = to_doubles(program.output(output.name));
    const bool fused = program.dump().find("relu(") == std::string::npos;
    return std::pair(outputs, fused);
  };
  const auto fused = run({}), forward = run({"fuse_batch_norm_relu_grad"}), single = run({"fuse_batch_norm_relu"});
  EXPECT_TRUE(fused.second);
  EXPECT_FALSE(single.second);
  EXPECT_EQ(fused.first, forward.first);
  EXPECT_EQ(fused.first, single.first);
}

INSTANTIATE_TEST_SUITE_P(Layouts, FusedBatchNorm, ::testing::Combine(::testing::Bool(), ::testing::Values(1, 8, 16)));

}  // namespace
}  // namespace inlay::testing
