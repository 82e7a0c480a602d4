#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/summary.h"
#include "models/networks.h"
#include "support/graph_facts.h"
#include "support/input_error.h"
#include "support/network_graph.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using Texts = std::map<std::string, std::string>;

TEST(Segnet, CountsItsParameters) {
  constexpr std::int64_t vgg = 14'714'688 - 4'224;  // the thirteen convolutions without their biases
  // The same back, in pairs of channels; the last leads to the classes.
  constexpr std::int64_t decoder = 9 * (5 * 512 * 512 + 512 * 256 + 2 * 256 * 256 + 256 * 128 + 128 * 128 + 128 * 64 +
                                        64 * 64),
                         score = 9 * 64 * 11 + 11;
  constexpr std::int64_t norms = 2 * 4'224 + 2 * (5 * 512 + 3 * 256 + 2 * 128 + 2 * 64);
  const Graph graph = network_graph("segnet", {.out_channels = 11});
  EXPECT_EQ(parameters(graph), vgg + decoder + score + norms);
  EXPECT_EQ(parameters(graph), 29'441'419) << "the published 29.4 million; Caffe's net also has 7936 biases in front "
                                              "of its batch norms, which do nothing";
  EXPECT_EQ(count_nodes(graph, "max_unpool2d"), 5);
  EXPECT_EQ(count_nodes(graph, "batch_norm"), 25);
  EXPECT_EQ(count_nodes(graph, "relu"), 25);
}

TEST(Segnet, MirrorsItsChannels) {
  const Graph graph = network_graph("segnet", {.out_channels = 11}, {1, 3, 360, 480});
  EXPECT_EQ(result_of(graph, "pool5/max_pool2d"), (Shape{1, 512, 12, 15}));
  EXPECT_EQ(result_of(graph, "decode5/max_unpool2d"), (Shape{1, 512, 23, 30})) << "as upsample_h and upsample_w say";
  EXPECT_EQ(result_of(graph, "decode4/max_unpool2d"), (Shape{1, 512, 45, 60}));
  EXPECT_EQ(result_of(graph, "decode4/2/relu"), (Shape{1, 512, 45, 60}));
  EXPECT_EQ(result_of(graph, "decode4/1/relu"), (Shape{1, 256, 45, 60}));
  EXPECT_EQ(result_of(graph, "decode2/1/relu"), (Shape{1, 64, 180, 240}));
  EXPECT_EQ(result_of(graph, "decode1/2/relu"), (Shape{1, 64, 360, 480}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 11, 360, 480}));
}

TEST(Segnet, TakesEverySize) {
  EXPECT_EQ(create_model("segnet", {.settings = {{"width", "0.01"}}}).info.size, SizeRule{});
  const Graph graph = network_graph("segnet", {.out_channels = 3, .settings = {{"width", "0.01"}}});
  for (std::int64_t side = 1; side <= 70; ++side)
    EXPECT_EQ(instantiate(graph, {{"image", {1, 3, side, 71 - side}}}).output("logits").shape(),
              (Shape{1, 3, side, 71 - side}));
}

std::vector<std::string> dropouts(const char* network) {
  std::vector<std::string> names;
  const Graph graph = network_graph(network, {.out_channels = 2, .settings = {{"dropout", "0.5"}}});
  for (const auto& node : graph.nodes())
    if (node->op->name == "dropout") names.push_back(node->name);
  return names;
}

TEST(Segnet, DropsInItsMiddleAsBayesianSegnetDoes) {
  EXPECT_THAT(dropouts("segnet"), ::testing::ElementsAre("pool3/dropout", "pool4/dropout", "pool5/dropout",
                                                         "decode5/dropout", "decode4/dropout", "decode3/dropout"));
  EXPECT_THAT(dropouts("segnet_basic"),
              ::testing::ElementsAre("pool3/dropout", "pool4/dropout", "decode4/dropout", "decode3/dropout"));
  EXPECT_EQ(count_nodes(network_graph("segnet", {.out_channels = 2}), "dropout"), 0);
}

TEST(Segnet, RefusesSettingsOutOfRange) {
  for (const char* network : {"segnet", "segnet_basic"})
    EXPECT_THAT(input_error([&] {
                  create_model(network, {.settings = {{"dropout", "1.5"}}});
                }),
                HasSubstr(fmt::format("{}: dropout is 1.5, expected 0 <= dropout < 1", network)));
  for (const char* network : {"segnet", "segnet_basic", "fcn_basic", "deconvnet"})
    EXPECT_THAT(input_error([&] {
                  create_model(network, {.settings = {{"width", "0"}}});
                }),
                HasSubstr(fmt::format("{}: width is 0, expected a number above 0", network)));
}

// Both small nets share their encoder.
constexpr std::int64_t kEncoder = 49 * (3 * 64 + 3 * 64 * 64) + 4 * 2 * 64;

TEST(SegnetBasic, CountsItsParameters) {
  const Graph graph = network_graph("segnet_basic", {.out_channels = 11});
  EXPECT_EQ(parameters(graph), kEncoder + 4 * (49 * 64 * 64 + 2 * 64) + 64 * 11 + 11);
  EXPECT_EQ(parameters(graph), 1'416'075) << "the paper's table 1 has 1.425 million; all its numbers are multiples of "
                                             "0.025 million, a tenth of a megabyte: 5.7 MB";
  EXPECT_EQ(count_nodes(graph, "relu"), 4) << "the way up has none";
  EXPECT_EQ(count_nodes(graph, "batch_norm"), 8);
  EXPECT_EQ(count_nodes(graph, "max_unpool2d"), 4);
}

TEST(SegnetBasic, SeesTheContextOfThePaper) {
  Graph graph;
  kSegnetBasic.build(Scope(graph), graph.input("image", {DType::f32, {1, 3, 256, 256}}), {});
  for (const auto& node : graph.nodes())
    if (node->name == "pool4/max_pool2d") graph.set_output("deepest", node->outputs[0]);
  EXPECT_EQ(summarise(graph).receptive_field_h, 106) << "a window of 106x106 pixels (section 3.1)";
}

TEST(FcnBasic, CountsItsParameters) {
  const Graph reduced = network_graph("fcn_basic", {.out_channels = 11}),
              full = network_graph("fcn_basic", {.out_channels = 11, .settings = {{"reduce", "off"}}});
  EXPECT_EQ(parameters(reduced), kEncoder + 4 * (64 * 11 + 11) + 4 * 8 * 8 * 11 * 11);
  EXPECT_EQ(parameters(reduced), 645'868) << "the paper's 0.65 million";
  EXPECT_EQ(parameters(full), kEncoder + 4 * 8 * 8 * 64 * 64 + 64 * 11 + 11);
  EXPECT_EQ(parameters(full), 1'661'323) << "the paper's table says 1.625 million; four 8x8 kernels of 64x64 channels, "
                                            "as its text has them, are 1.049 million and the encoder 0.612";
}

TEST(FcnBasic, AddsTheStagesOfTheWayDown) {
  const Graph reduced = network_graph("fcn_basic", {.out_channels = 11}),
              full = network_graph("fcn_basic", {.out_channels = 11, .settings = {{"reduce", "off"}}});
  for (const Graph& graph : {reduced, full}) {
    EXPECT_EQ(count_nodes(graph, "add"), 3);
    EXPECT_EQ(count_nodes(graph, "conv_transpose2d"), 4);
  }
  EXPECT_EQ(result_of(reduced, "up4/add"), (Shape{1, 11, 8, 8}));
  EXPECT_EQ(result_of(full, "up4/add"), (Shape{1, 64, 8, 8}));
}

TEST(FcnBasic, StartsByInterpolating) {
  const Model model = create_model("fcn_basic", {.out_channels = 1, .settings = {{"width", "0.1"}}});
  EXPECT_THAT(model.tensors.at("up1/weight").data<float>().subspan(3 * 8, 8),
              ::testing::ElementsAre(0, 0, 0.1875f, 0.5625f, 0.5625f, 0.1875f, 0, 0));
}

TEST(BasicNets, TakeEverySize) {
  for (const char* network : {"segnet_basic", "fcn_basic"}) {
    EXPECT_EQ(create_model(network, {.settings = {{"width", "0.05"}}}).info.size, SizeRule{});
    const Graph graph = network_graph(network, {.out_channels = 3, .settings = {{"width", "0.05"}}});
    for (std::int64_t side = 1; side <= 40; ++side)
      EXPECT_EQ(instantiate(graph, {{"image", {1, 3, side, 41 - side}}}).output("logits").shape(),
                (Shape{1, 3, side, 41 - side}));
  }
}

}  // namespace
}  // namespace inlay::testing
