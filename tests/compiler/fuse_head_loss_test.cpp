// A 1x1 head and its loss in one: text in, text out, the numbers, and what such an operator refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "compiler/passes.h"
#include "inlay/ops.h"
#include "support/input_error.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseHeadLoss.run(parse_graph(text, find_operator), constants));
}

/// Leaves %0 to %8.
std::string with_leaves(const std::string& nodes) {
  return "input x: f32 1x2x4x4\n"
         "parameter w: f32 3x2x1x1 constant 0\n"
         "parameter b: f32 3 constant 0\n"
         "input labels: u8 1x4x4\n"
         "parameter scale: f32 2 constant 0\n"
         "parameter shift: f32 2 constant 0\n"
         "state mean: f32 2 constant 0\n"
         "state variance: f32 2 constant 0\n" +
         nodes;
}

const std::string kHead = "%8 = conv2d(x, w, b) : f32 1x3x4x4 \"conv2d\"\n";
const std::string kLoss =
    "%9, %10, %11 = cross_entropy_with_grad(%8, labels, -, -) {ignore=7} : f32 1x3x4x4, f32 1, f32 1 "
    "\"cross_entropy_with_grad\"\n";
const std::string kData = "%12 = conv_transpose2d(%9, w, -) : f32 1x2x4x4 \"conv_transpose2d\"\n";
const std::string kWeights =
    "%13, %14 = conv2d_weight_grad(x, %9) {bias=true} : f32 3x2x1x1, f32 3 \"conv2d_weight_grad\"\n";
const std::string kOutputs = "output loss = %10\noutput dx = %12\noutput dw = %13\noutput db = %14\n";

TEST(FuseHeadLoss, OneNodeGivesTheLossAndAllGradients) {
  EXPECT_EQ(after(with_leaves(kHead + kLoss + kData + kWeights + kOutputs)),
            with_leaves("%8, %9, %10, %11, %12 = conv2d_cross_entropy(x, w, b, labels, -, -) {ignore=7} : "
                        "f32 1x2x4x4, f32 3x2x1x1, f32 3, f32 1, f32 1 \"conv2d_cross_entropy\"\n"
                        "output loss = %11\noutput dx = %8\noutput dw = %9\noutput db = %10\n"));
}

TEST(FuseHeadLoss, XIsReadThroughABatchNorm) {
  const std::string norm =
      "%8, %9, %10, %11, %12 = batch_norm(x, scale, shift, mean, variance) {training=true, activation=relu} : "
      "f32 1x2x4x4, f32 2, f32 2, f32 2, f32 2 \"batch_norm\"\n";
  EXPECT_EQ(
      after(with_leaves(norm + "%13 = conv2d(%8, w, -) : f32 1x3x4x4 \"conv2d\"\n"
                               "%14, %15, %16 = cross_entropy_with_grad(%13, labels, -, -) {dy=0.5} : f32 1x3x4x4, "
                               "f32 1, f32 1 \"cross_entropy_with_grad\"\n"
                               "%17 = conv2d_weight_grad(%8, %14) : f32 3x2x1x1 \"conv2d_weight_grad\"\n"
                               "output loss = %15\noutput dw = %17\n")),
      with_leaves(norm + "%13, %14, %15, %16, %17 = conv2d_cross_entropy(x, w, -, labels, -, -, scale, shift, "
                         "%9, %10) {dy=0.5, normalised=[0]} : f32 1x2x4x4, f32 3x2x1x1, f32 3, f32 1, f32 1 "
                         "\"conv2d_cross_entropy\"\n"
                         "output loss = %16\noutput dw = %14\n"));
}

TEST(FuseHeadLoss, StaysApartWhereOthersReadWhatLiesBetween) {
  for (const std::string& more : {std::string("output logits = %8\n"), std::string("output dlogits = %9\n")}) {
    const std::string text = with_leaves(kHead + kLoss + kData + kWeights + kOutputs + more);
    EXPECT_EQ(after(text), text);
  }
  const std::string twice = with_leaves(kHead + kLoss + kData + kWeights +
                                        "%15 = conv2d_weight_grad(%12, %9) : f32 3x2x1x1 \"conv2d_weight_grad_2\"\n" +
                                        kOutputs + "output more = %15\n");
  EXPECT_EQ(after(twice), twice);
}

TEST(FuseHeadLoss, StaysApartWithoutAWeightGradient) {
  const std::string text = with_leaves(kHead + kLoss + kData + "output loss = %10\noutput dx = %12\n");
  EXPECT_EQ(after(text), text);
}

TEST(FuseHeadLoss, WrongInputsAreRefused) {
  const auto refused = [](const std::string& inputs, const std::string& options, const std::string& message) {
    const std::string text =
        with_leaves("%8, %9, %10, %11, %12 = conv2d_cross_entropy(" + inputs + ") {" + options +
                    "} : f32 1x2x4x4, f32 3x2x1x1, f32 3, f32 1, f32 1 \"conv2d_cross_entropy\"\noutput loss = %11\n");
    EXPECT_THAT(input_error([&] { parse_graph(text, find_operator); }), ::testing::HasSubstr(message));
  };
  refused("x, w, b, labels, -", "dy=1", "there are 5 inputs, expected 6");
  refused("x, w, b, labels, -, -", "normalised=[0]", "there are 6 inputs, expected 10");
  refused("x, b, b, labels, -, -", "dy=1", "the weight is f32 3, expected f32 with shape MxCx1x1");
  refused("x, w, b, labels, -, -", "dy=inf", "dy is inf, expected a finite number");
}

struct HeadCase {
  std::string name;
  std::int64_t classes, channels;
  Shape picture;  // without channels
  bool normalised = true, bias = true, weights = false, data = true;
};

void PrintTo(const HeadCase& c, std::ostream* out) { *out << c.name; }

/// loss(head(relu(batch_norm(x)))), or of x itself, and its gradients.
struct LossHead {
  explicit LossHead(const HeadCase& c) {
    const auto leaf = [&](const CaseInput& input, LeafKind kind) {
      numbers[input.name] = draw(input, 5);
      return graph.add_leaf(kind, input.name, input.type);
    };
    const auto number = [&](const char* name, LeafKind kind, Fill fill) {
      return leaf({name, {DType::f32, {c.channels}}, fill}, kind);
    };
    const Shape& s = c.picture;
    const std::int64_t outcomes = std::max<std::int64_t>(2, c.classes);
    const Value picture = leaf({"x", {DType::f32, {s[0], c.channels, s[1], s[2]}}}, LeafKind::input);
    Value x = picture;
    if (c.normalised)
      x = relu(batch_norm(x, number("scale", LeafKind::parameter, Fill::normal),
                          number("shift", LeafKind::parameter, Fill::normal),
                          number("mean", LeafKind::state, Fill::normal),
                          number("variance", LeafKind::state, Fill::positive), {.training = true}));
    const Value w = leaf({"w", {DType::f32, {c.classes, c.channels, 1, 1}}}, LeafKind::parameter);
    const Value b = c.bias ? leaf({"b", {DType::f32, {c.classes}}}, LeafKind::parameter) : Value();
    const Value labels = leaf({"labels", {DType::u8, {s[0], s[1], s[2]}}, Fill::labels, outcomes}, LeafKind::input);
    Value of_class, of_pixel;
    if (c.weights) {
      of_class = leaf({"of_class", {DType::f32, {outcomes}}, Fill::positive}, LeafKind::input);
      of_pixel = leaf({"of_pixel", {DType::f32, {s[0], s[1], s[2]}}, Fill::positive}, LeafKind::input);
    }
    const auto entropy = c.classes == 1 ? binary_cross_entropy : cross_entropy;
    const Value loss = entropy(conv2d(x, w, b), labels, of_class, of_pixel, {});
    graph.set_output("loss", loss);
    std::vector<Value> wrt{w};
    if (c.bias) wrt.push_back(b);
    if (c.data) wrt.push_back(picture);
    for (const Value& d : gradients(loss, wrt)) graph.set_output(fmt::format("d{}", graph.outputs().size()), d);
  }
  Graph graph;
  ReferenceValues numbers;
};

class FusedHeadLoss : public ::testing::TestWithParam<std::tuple<HeadCase, int>> {};

TEST_P(FusedHeadLoss, AgreesWithDoublePrecision) {
  const auto& [head_case, block] = GetParam();
  const LossHead head(head_case);
  for (const int threads : {1, 2}) {
    const ProgramOptions options{.threads = threads, .block = block, .constant_parameters = false, .tune = false};
    Program program(head.graph, tensors_for(head.graph, head.numbers), {}, options);
    EXPECT_THAT(program.dump(), ::testing::HasSubstr("cross_entropy(x, w, "));
    EXPECT_LT(program_error(head.graph, head.numbers, options), 1e-5);
  }
}

std::string test_name(const ::testing::TestParamInfo<std::tuple<HeadCase, int>>& info) {
  return std::get<0>(info.param).name + "_block" + std::to_string(std::get<1>(info.param));
}

const HeadCase kHeads[] = {{"two", 2, 16, {2, 12, 16}},
                           {"weights", 3, 21, {2, 9, 7}, true, true, true},
                           {"plain", 5, 33, {1, 10, 13}, false},
                           {"no_bias", 21, 8, {1, 8, 8}, true, false},
                           {"no_data", 4, 17, {1, 8, 24}, true, true, false, false},
                           {"binary", 1, 19, {3, 5, 26}, true, true, true},
                           {"one_channel", 7, 1, {1, 8, 9}},
                           {"one_pixel", 3, 5, {1, 1, 1}, false},
                           {"most", 255, 512, {1, 2, 33}}};

INSTANTIATE_TEST_SUITE_P(Layouts, FusedHeadLoss,
                         ::testing::Combine(::testing::ValuesIn(kHeads), ::testing::Values(1, 8, 16)), test_name);

TEST(FuseHeadLoss, MoreChannelsStayApart) {
  const LossHead head({"", 2, 513, {1, 3, 5}});
  Program program(head.graph, tensors_for(head.graph, head.numbers), {}, {.constant_parameters = false, .tune = false});
  EXPECT_THAT(program.dump(), ::testing::Not(::testing::HasSubstr("cross_entropy(x, w, ")));
}

}  // namespace
}  // namespace inlay::testing
