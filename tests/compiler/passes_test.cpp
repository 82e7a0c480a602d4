// Text in, text out; and the numbers stay the same.
#include "compiler/passes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "inlay/error.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

std::string after(const Pass& pass, std::string_view text, Constants constants = {}) {
  return to_string(pass.run(parse_graph(text, find_operator), constants));
}

TEST(RemoveIdentities, DropsDropoutInInference) {
  EXPECT_EQ(after(kRemoveIdentities,
                  "input x: f32 1x2x4x4\n"
                  "%1 = dropout(x) {probability=0.25} : f32 1x2x4x4 \"a/dropout\"\n"
                  "%2 = relu(%1) : f32 1x2x4x4 \"relu\"\n"
                  "output y = %2\n"),
            "input x: f32 1x2x4x4\n"
            "%1 = relu(x) : f32 1x2x4x4 \"relu\"\n"
            "output y = %1\n");
}

TEST(RemoveIdentities, DropsCropsAndPadsToTheSameSize) {
  EXPECT_EQ(after(kRemoveIdentities,
                  "input x: f32 1x2x4x4\n"
                  "input y: f32 1x7x4x4\n"
                  "input z: f32 1x2x3x4\n"
                  "%3 = crop_like(x, y) : f32 1x2x4x4 \"crop_like\"\n"
                  "%4 = pad_like(%3, y) : f32 1x2x4x4 \"pad_like\"\n"
                  "%5 = crop_like(%4, z) : f32 1x2x3x4 \"crop_like\"\n"
                  "output y = %5\n"),
            "input x: f32 1x2x4x4\n"
            "input y: f32 1x7x4x4\n"
            "input z: f32 1x2x3x4\n"
            "%3 = crop_like(x, z) : f32 1x2x3x4 \"crop_like\"\n"
            "output y = %3\n");
}

TEST(RemoveIdentities, DropsResizingToTheSameSize) {
  EXPECT_EQ(after(kRemoveIdentities,
                  "input x: f32 1x2x4x4\n"
                  "input y: f32 1x7x4x4\n"
                  "input z: f32 1x2x3x4\n"
                  "%3 = resize2d_like(x, y) {mode=bicubic} : f32 1x2x4x4 \"resize2d_like\"\n"
                  "%4 = resize2d_like(%3, z) : f32 1x2x3x4 \"resize2d_like\"\n"
                  "output y = %4\n"),
            "input x: f32 1x2x4x4\n"
            "input y: f32 1x7x4x4\n"
            "input z: f32 1x2x3x4\n"
            "%3 = resize2d_like(x, z) : f32 1x2x3x4 \"resize2d_like\"\n"
            "output y = %3\n");
}

TEST(RemoveIdentities, KeepsDropoutInTraining) {
  const std::string text =
      "input x: f32 1x2x4x4\n"
      "%1 = dropout(x) {probability=0.25, training=true} : f32 1x2x4x4 \"dropout\"\n"
      "output y = %1\n";
  EXPECT_EQ(after(kRemoveIdentities, text), text);
}

/// A convolution, then `rest`, which begins with the value %5.
std::string convolved(const std::string& rest, const std::string& conv = "") {
  return "input x: f32 1x2x4x4\n"
         "input o: f32 1x3x4x4\n"
         "parameter w: f32 3x2x1x1 he_normal\n"
         "parameter s: f32 3 constant 0\n"
         "%4 = conv2d(x, w, -" +
         conv + " : f32 1x3x4x4 \"conv2d\"\n" + rest;
}

std::string unary(const std::string& call) {
  return "%5 = " + call + " : f32 1x3x4x4 \"" + call.substr(0, call.find('(')) + "\"\n";
}

TEST(FuseActivation, MovesEachKindIntoTheConvolution) {
  const auto fused = [](const std::string& call) {
    return after(kFuseActivation, convolved(unary(call) + "output y = %5\n", ")"));
  };
  const auto expected = [](const std::string& conv) { return convolved("output y = %4\n", conv); };
  EXPECT_EQ(fused("relu(%4)"), expected(") {activation=relu}"));
  EXPECT_EQ(fused("leaky_relu(%4)"), expected(") {activation=leaky_relu}"));
  EXPECT_EQ(fused("leaky_relu(%4) {slope=0.25}"), expected(") {activation=leaky_relu, slope=0.25}"));
  EXPECT_EQ(fused("prelu(%4, s)"), expected(", s) {activation=prelu}"));
}

TEST(FuseActivation, FollowsASum) {
  EXPECT_EQ(after(kFuseActivation, convolved(unary("prelu(%4, s)") + "output y = %5\n", ", o) {add=true}")),
            convolved("output y = %4\n", ", o, s) {add=true, activation=prelu}"));
}

TEST(FuseActivation, LeavesAConvolutionThatIsReadTwiceOrHasOneAlready) {
  for (const std::string call : {"relu(%4)", "leaky_relu(%4)", "prelu(%4, s)"}) {
    const std::string read = convolved(unary(call) + "output y = %5\noutput z = %4\n", ")");
    EXPECT_EQ(after(kFuseActivation, read), read);
    const std::string active = convolved(unary(call) + "output y = %5\n", ") {activation=relu}");
    EXPECT_EQ(after(kFuseActivation, active), active);
  }
}

TEST(FuseAdd, TheConvolutionAdds) {
  for (const std::string call : {"add(%4, o)", "add(o, %4)"})
    EXPECT_EQ(after(kFuseAdd, convolved(unary(call) + "output y = %5\n", ")")),
              convolved("output y = %4\n", ", o) {add=true}"));
}

TEST(FuseAdd, OfTwoConvolutionsTheLaterOneDoes) {
  const std::string second = "%5 = conv2d(x, w, -) {groups=1} : f32 1x3x4x4 \"second\"\n";
  for (const std::string call : {"add(%4, %5)", "add(%5, %4)"}) {
    const std::string text =
        after(kFuseAdd, convolved(second + "%6 = " + call + " : f32 1x3x4x4 \"add\"\noutput y = %6\n", ")"));
    EXPECT_THAT(text, ::testing::HasSubstr("%5 = conv2d(x, w, -, %4) {add=true}"));
    EXPECT_THAT(text, ::testing::HasSubstr("%4 = conv2d(x, w, -) :"));
  }
}

TEST(FuseAdd, ASumOfThreeTakesOneMore) {
  const std::string text =
      after(kFuseAdd, convolved(unary("add(%4, o)") + "%6 = add(%5, o) : f32 1x3x4x4 \"add\"\noutput y = %6\n", ")"));
  EXPECT_THAT(text, ::testing::HasSubstr("%4 = conv2d(x, w, -, o) {add=true}"));
  EXPECT_THAT(text, ::testing::HasSubstr("%5 = add(%4, o)"));
}

TEST(FuseAdd, LeavesWhatItCannotDo) {
  const auto stays = [](const std::string& text) { EXPECT_EQ(after(kFuseAdd, text), text); };
  stays(convolved(unary("add(%4, o)") + "output y = %5\noutput z = %4\n", ")"));
  stays(convolved(unary("add(%4, %4)") + "output y = %5\n", ")"));
  stays(convolved(unary("add(%4, o)") + "output y = %5\n", ") {activation=relu}"));
  stays(
      "input x: f32 1x2x1x1\ninput o: f32 1x3x4x4\nparameter w: f32 3x2x1x1 he_normal\n"
      "%3 = conv2d(x, w, -) : f32 1x3x1x1 \"conv2d\"\n"
      "%4 = add(o, %3) : f32 1x3x4x4 \"add\"\noutput y = %4\n");
}

TEST(FuseActivation, AFusedConvolutionIsNotDifferentiated) {
  const Graph graph = parse_graph(convolved("output y = %4\n", ") {activation=relu}"), find_operator);
  const Value x = graph.find_leaf("x"), y = graph.output("y");
  EXPECT_THROW(gradients(y, y, std::vector{x}), InputError);
}

const std::string kJoined =
    "input a: f32 1x2x4x4\n"
    "input b: f32 1x3x4x4\n"
    "parameter w: f32 4x5x3x3 he_normal\n"
    "%3 = concat(a, b) {axis=1} : f32 1x5x4x4 \"concat\"\n"
    "%4 = conv2d(%3, w, -) {padding=[1, 1, 1, 1]} : f32 1x4x4x4 \"conv2d\"\n";

TEST(FuseConcat, TheConvolutionReadsTheParts) {
  EXPECT_EQ(after(kFuseConcat, kJoined + "output y = %4\n"),
            "input a: f32 1x2x4x4\n"
            "input b: f32 1x3x4x4\n"
            "parameter w: f32 4x5x3x3 he_normal\n"
            "%3 = conv2d(a, w, -, b) {padding=[1, 1, 1, 1]} : f32 1x4x4x4 \"conv2d\"\n"
            "output y = %3\n");
}

TEST(FuseConcat, SoDoesItsWeightGradient) {
  const std::string text = after(kFuseConcat, kJoined +
                                                  "%5 = conv2d_weight_grad(%3, %4) {padding=[1, 1, 1, 1], kernel=[3, "
                                                  "3]} : f32 4x5x3x3 \"conv2d_weight_grad\"\n"
                                                  "output y = %4\noutput dw = %5\n");
  EXPECT_NE(text.find("conv2d(a, w, -, b)"), std::string::npos) << text;
  EXPECT_NE(text.find("conv2d_weight_grad(a, %3, b)"), std::string::npos) << text;
  EXPECT_EQ(text.find("concat"), std::string::npos) << text;
}

TEST(FuseConcat, LeavesAConcatThatAnotherOperatorReads) {
  const std::string text = kJoined +
                           "%5 = relu(%3) : f32 1x5x4x4 \"relu\"\n"
                           "output y = %4\noutput z = %5\n";
  EXPECT_EQ(after(kFuseConcat, text), text);
}

TEST(FuseConcat, LeavesConvolutionsThatCannotReadParts) {
  const std::string text =
      "input a: f32 1x2x4x4\n"
      "input b: f32 1x3x4x4\n"
      "parameter w: f32 4x5x1x1 he_normal\n"
      "%3 = concat(a, b) {axis=1} : f32 1x5x4x4 \"concat\"\n"
      "%4 = conv2d(%3, w, -) : f32 1x4x4x4 \"conv2d\"\n"
      "output y = %4\n";
  EXPECT_EQ(after(kFuseConcat, text), text);
}

const std::string kSliced =
    "input x: f32 1x4x4x4\n"
    "parameter w: f32 4x5x3x3 he_normal\n"
    "%2 = conv_transpose2d(x, w, -) {padding=[1, 1, 1, 1]} : f32 1x5x4x4 \"conv_transpose2d\"\n"
    "%3 = slice(%2) {axis=1, begin=2, end=5} : f32 1x3x4x4 \"slice\"\n";

TEST(FuseConcat, ATransposedConvolutionWritesItsSlices) {
  EXPECT_EQ(after(kFuseConcat, kSliced + "%4 = slice(%2) {axis=1, begin=0, end=2} : f32 1x2x4x4 \"slice\"\n"
                                         "output y = %3\noutput z = %4\n"),
            "input x: f32 1x4x4x4\n"
            "parameter w: f32 4x5x3x3 he_normal\n"
            "%2, %3 = conv_transpose2d(x, w, -) {padding=[1, 1, 1, 1], split=[2, 3]} : f32 1x2x4x4, f32 1x3x4x4 "
            "\"conv_transpose2d\"\n"
            "output y = %3\noutput z = %2\n");
}

TEST(FuseConcat, LeavesSlicesThatAreNotTheWhole) {
  const std::string text = kSliced + "output y = %3\n";
  EXPECT_NE(after(kFuseConcat, text).find("slice("), std::string::npos);
}

TEST(FoldBatchNormText, KeepsTheActivation) {
  const auto leaf = [](const char* name) { return fmt::format("parameter {}: f32 3\n", name); };
  const std::string leaves =
      "input x: f32 1x2x4x4\nparameter w: f32 3x2x1x1\n" + leaf("a") + leaf("b") + leaf("m") + leaf("v");
  Constants constants{{"w", Tensor::filled({3, 2, 1, 1}, 1)}};
  for (const char* name : {"a", "b", "m", "v"}) constants[name] = Tensor::filled({3}, 1);
  const std::string text =
      after(kFoldBatchNorm,
            leaves +
                "%6 = conv2d(x, w, -) : f32 1x3x4x4 \"conv2d\"\n"
                "%7 = batch_norm(%6, a, b, m, v) {activation=relu} : f32 1x3x4x4 \"a/batch_norm\"\n"
                "output y = %7\n",
            constants);
  EXPECT_THAT(text,
              ::testing::HasSubstr("conv2d(x, a/batch_norm/folded_weight, a/batch_norm/folded_bias) {activation=relu}"))
      << text;
}

struct NormalisedConv {
  explicit NormalisedConv(bool bias) {
    const Value x = graph.input("x", {DType::f32, {1, 3, 6, 5}});
    const auto parameter = [&](std::string name, Shape shape, Fill fill, LeafKind kind = LeafKind::parameter) {
      numbers[name] = draw({name, {DType::f32, shape}, fill}, 5);
      return graph.add_leaf(kind, name, {DType::f32, shape});
    };
    numbers["x"] = draw({"x", x.type()}, 5);
    const Value w = parameter("w", {4, 3, 3, 3}, Fill::normal);
    const Value b = bias ? parameter("b", {4}, Fill::normal) : Value();
    const Value y = conv2d(x, w, b, {.padding = 1});
    const Value scale = parameter("scale", {4}, Fill::positive), shift = parameter("shift", {4}, Fill::normal);
    const Value mean = parameter("mean", {4}, Fill::normal, LeafKind::state);
    const Value variance = parameter("variance", {4}, Fill::positive, LeafKind::state);
    graph.set_output("y", relu(batch_norm(y, scale, shift, mean, variance)));
  }
  Graph graph;
  ReferenceValues numbers;
};

class FoldBatchNorm : public ::testing::TestWithParam<bool> {};

TEST_P(FoldBatchNorm, LeavesOneConvolution) {
  const NormalisedConv net(GetParam());
  Program program(net.graph, tensors_for(net.graph, net.numbers));
  const std::string text = program.dump();
  EXPECT_EQ(text.find("batch_norm("), std::string::npos) << text;
  EXPECT_NE(text.find("activation=relu"), std::string::npos) << text;
  EXPECT_EQ(text.find("running"), std::string::npos) << text;
}

TEST_P(FoldBatchNorm, KeepsTheNumbersWithAndWithoutEachPass) {
  const NormalisedConv net(GetParam());
  std::vector<std::vector<std::string>> skips{{}};
  for (const Pass* pass : passes()) skips.push_back({std::string(pass->name)});
  for (const auto& skip : skips) EXPECT_LT(program_error(net.graph, net.numbers, {.skip_passes = skip}), 1e-5);
}

TEST_P(FoldBatchNorm, DoesNothingWhileParametersChange) {
  const NormalisedConv net(GetParam());
  Program program(net.graph, tensors_for(net.graph, net.numbers), {}, {.constant_parameters = false});
  EXPECT_NE(program.dump().find("batch_norm("), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Bias, FoldBatchNorm, ::testing::Bool());

TEST(Passes, AnUnknownNameIsRefused) {
  Constants constants;
  const std::vector<std::string> skip{"fuse_relo"};
  try {
    run_passes(Graph(), constants, skip);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), ::testing::StartsWith(
                                  "there is no pass 'fuse_relo'; the passes are: remove_identities, fold_batch_norm"));
  }
}

}  // namespace
}  // namespace inlay::testing
