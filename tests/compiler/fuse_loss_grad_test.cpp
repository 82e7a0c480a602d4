// Cross entropy and its gradient in one pass over the logits: text in, text out, and the same numbers.
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "compiler/passes.h"
#include "inlay/error.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseLossGrad.run(parse_graph(text, find_operator), constants));
}

const std::string kLeaves =
    "input x: f32 1x3x4x4\n"
    "input labels: u8 1x4x4\n"
    "input w: f32 3\n";

std::string separate(const std::string& dy, const std::string& sum = "%4") {
  return kLeaves +
         "%3, %4 = cross_entropy(x, labels, w, -) {ignore=7} : f32 1, f32 1 \"cross_entropy\"\n"
         "%5 = " +
         dy + " : f32 1 \"" + dy.substr(0, dy.find('(')) + "\"\n" + "%6 = cross_entropy_grad(%5, x, labels, w, -, " +
         sum +
         ") {ignore=7} : f32 1x3x4x4 \"cross_entropy_grad\"\n"
         "output loss = %3\noutput dx = %6\n";
}

TEST(FuseLossGrad, OneNodeGivesBoth) {
  EXPECT_EQ(after(separate("fill() {shape=[1], value=1}")),
            kLeaves +
                "%3, %4, %5 = cross_entropy_with_grad(x, labels, w, -) {ignore=7} : f32 1x3x4x4, f32 1, f32 1 "
                "\"cross_entropy_with_grad\"\n"
                "output loss = %4\noutput dx = %3\n");
}

TEST(FuseLossGrad, AWeightOfTheLossIsPartOfIt) {
  const std::string text = after(kLeaves +
                                 "%3, %4 = cross_entropy(x, labels, w, -) : f32 1, f32 1 \"cross_entropy\"\n"
                                 "%5 = fill() {shape=[1], value=1} : f32 1 \"one\"\n"
                                 "%6 = affine(%5) {scale=0.25} : f32 1 \"dy\"\n"
                                 "%7 = cross_entropy_grad(%6, x, labels, w, -, %4) : f32 1x3x4x4 \"grad\"\n"
                                 "output loss = %3\noutput dx = %7\n");
  EXPECT_NE(text.find("cross_entropy_with_grad(x, labels, w, -) {dy=0.25}"), std::string::npos) << text;
}

TEST(FuseLossGrad, LeavesAGradientThatDependsOnMore) {
  const std::string text = separate("sigmoid(%3)");
  EXPECT_EQ(after(text), text);
}

TEST(FuseLossGrad, LeavesALossWithoutGradientAndTwoGradients) {
  const std::string alone = kLeaves +
                            "%3, %4 = cross_entropy(x, labels, w, -) : f32 1, f32 1 \"cross_entropy\"\n"
                            "output loss = %3\n";
  EXPECT_EQ(after(alone), alone);
  const std::string two = kLeaves +
                          "%3, %4 = cross_entropy(x, labels, w, -) : f32 1, f32 1 \"cross_entropy\"\n"
                          "%5 = fill() {shape=[1], value=1} : f32 1 \"fill\"\n"
                          "%6 = fill() {shape=[1], value=2} : f32 1 \"fill_2\"\n"
                          "%7 = cross_entropy_grad(%5, x, labels, w, -, %4) : f32 1x3x4x4 \"cross_entropy_grad\"\n"
                          "%8 = cross_entropy_grad(%6, x, labels, w, -, %4) : f32 1x3x4x4 \"cross_entropy_grad_2\"\n"
                          "output loss = %3\noutput dx = %7\noutput dz = %8\n";
  EXPECT_EQ(after(two), two);
}

TEST(FuseLossGrad, TheOperatorWantsAFiniteGradient) {
  const std::string text = kLeaves +
                           "%3, %4, %5 = cross_entropy_with_grad(x, labels, w, -) {dy=inf} : f32 1x3x4x4, f32 1, f32 1 "
                           "\"loss\"\noutput dx = %3\n";
  EXPECT_THROW(parse_graph(text, find_operator), InputError);
}

struct LossCase {
  std::string name;
  std::int64_t classes;  // 1: binary cross entropy
  Shape picture;
  bool weights = false;
  std::int64_t drawn = 0;  // labels below this; 0: the classes
  bool sum = false;        // half of it and the dice loss
};

void PrintTo(const LossCase& c, std::ostream* out) { *out << c.name; }

/// A 1x1 head and a loss; outputs: the loss and the gradients of the picture and the head's weights.
struct Head {
  explicit Head(const LossCase& c) {
    const auto leaf = [&](const CaseInput& input, LeafKind kind) {
      numbers[input.name] = draw(input, 5);
      return graph.add_leaf(kind, input.name, input.type);
    };
    const std::int64_t outcomes = std::max<std::int64_t>(2, c.classes);
    const Shape plane{c.picture[0], c.picture[2], c.picture[3]};
    const Value x = leaf({"x", {DType::f32, c.picture}}, LeafKind::input);
    const Value w = leaf({"w", {DType::f32, {c.classes, c.picture[1], 1, 1}}}, LeafKind::parameter);
    const Value labels =
        leaf({"labels", {DType::u8, plane}, Fill::labels, c.drawn > 0 ? c.drawn : outcomes}, LeafKind::input);
    Value of_class, of_pixel;
    if (c.weights) {
      of_class = leaf({"of_class", {DType::f32, {outcomes}}, Fill::positive}, LeafKind::input);
      of_pixel = leaf({"of_pixel", {DType::f32, plane}, Fill::positive}, LeafKind::input);
    }
    const Value logits = conv2d(x, w);
    const auto entropy = c.classes == 1 ? binary_cross_entropy : cross_entropy;
    Value loss = entropy(logits, labels, of_class, of_pixel, {});
    if (c.sum) loss = add(affine(loss, 0.5), dice_loss(logits, labels));
    graph.set_output("loss", loss);
    const Value wrt[] = {x, w};
    for (const Value& d : gradients(loss, wrt)) graph.set_output("d" + d.name(), d);
  }
  Graph graph;
  ReferenceValues numbers;
};

std::vector<LossCase> loss_cases() {
  return {{"classes21", 21, {2, 5, 9, 15}},
          {"both_weights", 3, {2, 4, 11, 31}, true},
          {"one_pixel", 2, {1, 3, 1, 1}},
          {"one_class_drawn", 2, {1, 3, 7, 5}, false, 1},
          {"classes255", 255, {1, 2, 5, 13}, true},
          {"labels_beyond", 8, {1, 2, 8, 16}, false, 100},
          {"sum_of_losses", 5, {1, 9, 7, 11}, false, 0, true},
          {"binary", 1, {3, 8, 9, 15}},
          {"binary_weights", 1, {1, 17, 5, 13}, true},
          {"binary_labels_beyond", 1, {1, 2, 8, 8}, false, 5}};
}

class FusedLoss : public ::testing::TestWithParam<std::tuple<LossCase, int>> {};

TEST_P(FusedLoss, GivesTheNumbersOfTheReferenceWithAndWithoutThePass) {
  const auto& [loss_case, block] = GetParam();
  const Head head(loss_case);
  ProgramOptions options{.threads = 2, .block = block, .constant_parameters = false, .tune = false};
  EXPECT_LT(program_error(head.graph, head.numbers, options), 1e-5);
  const auto dump = [&] { return Program(head.graph, tensors_for(head.graph, head.numbers), {}, options).dump(); };
  options.skip_passes = {"fuse_head_loss"};
  EXPECT_NE(dump().find("_with_grad("), std::string::npos);
  EXPECT_LT(program_error(head.graph, head.numbers, options), 1e-5);
  options.skip_passes = {"fuse_loss_grad"};
  EXPECT_EQ(dump().find("_with_grad("), std::string::npos);
  EXPECT_LT(program_error(head.graph, head.numbers, options), 1e-5);
}

TEST(FuseLossGrad, NoPixelThatCountsGivesZeros) {
  for (const int block : {1, 8, 16})
    for (const std::int64_t classes : {1, 6}) {
      Head head({"", classes, {1, 3, 5, 7}});
      std::ranges::fill(head.numbers["labels"], 255);
      Program program(head.graph, tensors_for(head.graph, head.numbers), {},
                      {.threads = 2, .block = block, .constant_parameters = false, .tune = false});
      program.run();
      for (const GraphOutput& output : head.graph.outputs())
        for (const double value : to_doubles(program.output(output.name))) EXPECT_EQ(value, 0) << output.name;
    }
}

TEST(FuseLossGrad, LogitsAndGradientStayBlocked) {
  const Head head({"", 21, {2, 16, 12, 16}});
  const auto reorders = [&](std::vector<std::string> skip) {
    skip.push_back("fuse_head_loss");
    Program program(head.graph, tensors_for(head.graph, head.numbers), {},
                    {.block = 8, .constant_parameters = false, .tune = false, .skip_passes = std::move(skip)});
    return std::ranges::count(program.profile(1), "reorder", &StepProfile::op);
  };
  EXPECT_EQ(reorders({}) + 2, reorders({"fuse_loss_grad"}));
}

std::string test_name(const ::testing::TestParamInfo<std::tuple<LossCase, int>>& info) {
  return std::get<0>(info.param).name + "_block" + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Layouts, FusedLoss,
                         ::testing::Combine(::testing::ValuesIn(loss_cases()), ::testing::Values(1, 8, 16)), test_name);

}  // namespace
}  // namespace inlay::testing
