// The head of a net and the choice of a class in one step: text in, text out, and the same labels.
#include <gtest/gtest.h>

#include "compiler/passes.h"
#include "inlay/ops.h"
#include "ops/operators.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

std::string after(std::string_view text) {
  Constants constants;
  return to_string(kFuseMostLikely.run(parse_graph(text, find_operator), constants));
}

std::string net(const std::string& leaves, const std::string& head, const std::string& logits,
                const std::string& rest = "") {
  return leaves + "%2 = " + head + " : f32 " + logits + " \"" + head.substr(0, head.find('(')) + "\"\n" +
         "%3 = most_likely(%2) : u8 " + logits.substr(0, 2) + logits.substr(logits.find('x', 2) + 1) +
         " \"most_likely\"\n" + "output labels = %3\n" + rest;
}

const std::string kOneByOne = "input x: f32 1x4x6x8\ninput w: f32 3x4x1x1\n";

TEST(FuseMostLikely, AHeadOfOneByOne) {
  EXPECT_EQ(after(net(kOneByOne, "conv2d(x, w, -)", "1x3x6x8")),
            kOneByOne +
                "%2 = conv2d_most_likely(x, w, -) : u8 1x6x8 \"conv2d_most_likely\"\n"
                "output labels = %2\n");
}

TEST(FuseMostLikely, ATransposedHead) {
  const std::string leaves = "input x: f32 1x4x6x8\ninput w: f32 4x3x2x2\n";
  EXPECT_EQ(after(net(leaves, "conv_transpose2d(x, w, -) {stride=[2, 2]}", "1x3x12x16")),
            leaves +
                "%2 = conv_transpose2d_most_likely(x, w, -) {stride=[2, 2]} : u8 1x12x16 "
                "\"conv_transpose2d_most_likely\"\n"
                "output labels = %2\n");
}

TEST(FuseMostLikely, LeavesLogitsThatOthersReadToo) {
  const std::string text = net(kOneByOne, "conv2d(x, w, -)", "1x3x6x8", "output logits = %2\n");
  EXPECT_EQ(after(text), text);
}

TEST(FuseMostLikely, LeavesOtherHeads) {
  const std::string wide = "input x: f32 1x4x6x8\ninput w: f32 3x4x3x3\n";
  const std::string up = "input x: f32 1x4x6x8\ninput w: f32 4x3x2x2\n";
  for (const std::string& text :
       {net(wide, "conv2d(x, w, -) {padding=[1, 1, 1, 1]}", "1x3x6x8"),
        net(kOneByOne, "conv2d(x, w, -) {stride=[2, 2]}", "1x3x3x4"),
        net(kOneByOne, "conv2d(x, w, -) {activation=relu}", "1x3x6x8"),
        net(up, "conv_transpose2d(x, w, -) {stride=[2, 2], output_padding=[1, 1]}", "1x3x13x17"),
        net(up, "conv_transpose2d(x, w, -)", "1x3x7x9"), net(wide, "conv2d(x, w, -) {stride=[3, 3]}", "1x3x2x2")})
    EXPECT_EQ(after(text), text);
}

struct HeadCase {
  std::string name;
  std::int64_t channels, classes;
  Size2 picture;
  std::int64_t kernel = 1;  // above 1: transposed, of that stride
  std::int64_t images = 1;
  bool bias = true;
};

void PrintTo(const HeadCase& c, std::ostream* out) { *out << c.name; }

/// A head and its labels, of small whole numbers: there are ties, and every sum is exact in whatever order.
struct LabellingNet {
  explicit LabellingNet(const HeadCase& c) {
    const auto leaf = [&](const CaseInput& input, LeafKind kind) {
      numbers[input.name] = draw(input, 3);
      for (double& x : numbers[input.name]) x = std::round(2 * x);
      return graph.add_leaf(kind, input.name, input.type);
    };
    const bool up = c.kernel > 1;
    const Value x = leaf({"x", {DType::f32, {c.images, c.channels, c.picture.h, c.picture.w}}}, LeafKind::input);
    const Shape weight = up ? Shape{c.channels, c.classes, c.kernel, c.kernel} : Shape{c.classes, c.channels, 1, 1};
    const Value w = leaf({"w", {DType::f32, weight}}, LeafKind::parameter);
    const Value bias = c.bias ? leaf({"bias", {DType::f32, {c.classes}}}, LeafKind::parameter) : Value();
    const Value logits = up ? conv_transpose2d(x, w, bias, {.stride = c.kernel}) : conv2d(x, w, bias);
    graph.set_output("labels", graph.add_node(kMostLikely, {}, {logits})[0]);
  }

  std::vector<double> run(const ProgramOptions& options) const {
    Program program(graph, tensors_for(graph, numbers), {}, options);
    program.run();
    return to_doubles(program.output("labels"));
  }
  std::vector<double> expected() const {
    return reference_run(graph, numbers)[static_cast<std::size_t>(graph.output("labels").id())].data;
  }

  Graph graph;
  ReferenceValues numbers;
};

class FusedHead : public ::testing::TestWithParam<std::tuple<HeadCase, int>> {};

TEST_P(FusedHead, GivesTheLabelsOfTheReferenceWithAndWithoutThePass) {
  const auto& [head, block] = GetParam();
  const LabellingNet net(head);
  const std::vector<double> expected = net.expected();
  for (const bool constant : {true, false})
    for (const int threads : {1, 2, 3}) {
      ProgramOptions options{.threads = threads, .block = block, .constant_parameters = constant, .tune = false};
      EXPECT_EQ(net.run(options), expected) << threads;
      options.skip_algorithms = {"patches"};
      EXPECT_EQ(net.run(options), expected) << "logits first";
      options.skip_algorithms = {};
      options.skip_passes = {"fuse_most_likely"};
      EXPECT_EQ(net.run(options), expected) << "apart";
    }
}

TEST(FuseMostLikely, CanBeLeftOutAndSaysWhichAlgorithmItIs) {
  const LabellingNet net({"", 16, 21, {16, 24}});
  ProgramOptions options{.threads = 2, .tune = false};
  const auto program = [&] { return Program(net.graph, tensors_for(net.graph, net.numbers), {}, options); };
  EXPECT_NE(program().dump().find("conv2d_most_likely("), std::string::npos);
  EXPECT_EQ(program().algorithms().at("patches"), 1);
  options.skip_passes = {"fuse_most_likely"};
  EXPECT_EQ(program().dump().find("conv2d_most_likely("), std::string::npos);
}

TEST(FuseMostLikely, LogitsTakeNoMemory) {
  const LabellingNet net({"", 16, 255, {512, 256}});
  const auto bytes = [&](std::vector<std::string> skip) {
    return Program(net.graph, tensors_for(net.graph, net.numbers), {},
                   {.threads = 2, .tune = false, .skip_passes = std::move(skip)})
        .arena_bytes();
  };
  EXPECT_LT(bytes({}) + std::size_t{512 * 256 * 255 * 4}, bytes({"fuse_most_likely"}));
}

std::vector<HeadCase> head_cases() {
  return {{"classes21", 64, 21, {9, 31}, 1, 2},
          {"two_classes", 16, 2, {16, 15}},
          {"one_channel", 16, 1, {16, 15}},
          {"one_channel_no_bias", 5, 1, {7, 3}, 1, 3, false},
          {"classes255", 9, 255, {5, 25}},
          {"one_pixel", 3, 8, {1, 1}},
          {"many_channels", 1040, 19, {11, 13}, 1, 2},
          {"up2", 16, 21, {13, 9}, 2, 2},
          {"up2_many", 528, 9, {5, 25}, 2},
          {"up2_one_channel", 16, 1, {7, 21}, 2, 2},
          {"up2_classes255", 4, 255, {3, 5}, 2, 1, false},
          {"up4_one_pixel", 8, 5, {1, 1}, 4},
          {"up3", 17, 12, {8, 41}, 3, 2}};
}

std::string test_name(const ::testing::TestParamInfo<FusedHead::ParamType>& info) {
  return std::get<0>(info.param).name + "_block" + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Layouts, FusedHead,
                         ::testing::Combine(::testing::ValuesIn(head_cases()), ::testing::Values(1, 8, 16)), test_name);

}  // namespace
}  // namespace inlay::testing
