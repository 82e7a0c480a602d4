#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/summary.h"
#include "models/network.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;
using Settings = std::map<std::string, std::string>;

/// As the listings have them: one channel in, one out.
Model net(std::string_view name, Settings settings = {}) {
  return create_graph(name, {.in_channels = 1, .out_channels = 1, .settings = std::move(settings)});
}

std::vector<std::pair<std::string, Shape>> results(const Graph& graph, std::string_view op) {
  std::vector<std::pair<std::string, Shape>> found;
  for (const auto& node : graph.nodes())
    if (node->op->name == op) found.emplace_back(node->name, node->outputs[0].shape());
  return found;
}

TEST(UnetLecture, GoesFrom128To8AndBack) {
  const Graph graph = instantiate(net("unet_lecture").graph, {{"image", {1, 1, 128, 128}}});
  const auto down = results(graph, "max_pool2d"), up = results(graph, "crop_like"), joined = results(graph, "concat");
  ASSERT_EQ(down.size(), 4u);
  EXPECT_EQ(down[3].second, (Shape{1, 128, 8, 8}));
  EXPECT_EQ(up[0].second, (Shape{1, 128, 16, 16}));
  EXPECT_EQ(up[3].second, (Shape{1, 16, 128, 128}));
  EXPECT_EQ(joined[3].second, (Shape{1, 32, 128, 128}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 1, 128, 128}));
  for (const auto& [name, shape] : results(graph, "conv_transpose2d"))
    EXPECT_EQ(shape[2], 2 * 128 / shape[1] * 16 / 2) << "twice the size, as Keras' padding 'same' gives";
}

TEST(UnetLecture, CountsItsParameters) {
  const auto block = [](std::int64_t in, std::int64_t out) { return (in * 9 + 1) * out + (out * 9 + 1) * out; };
  std::int64_t expected = block(1, 16) + 16 + 1;  // and the 1x1 head
  for (const std::int64_t c : {16, 32, 64, 128}) expected += block(c, 2 * c) + (2 * c * 9 + 1) * c + block(2 * c, c);
  EXPECT_EQ(expected, 2158417);
  const Summary figures = summarise(net("unet_lecture"), 128, 128);
  EXPECT_EQ(figures.parameters, expected);
  EXPECT_EQ(figures.state, 0);
}

TEST(UnetLecture, DropsAQuarterThenHalf) {
  std::vector<std::string> names;
  std::vector<double> probabilities;
  const Graph graph = net("unet_lecture").graph;
  for (const auto& node : graph.nodes())
    if (node->op->name == "dropout") {
      names.push_back(node->name);
      const auto* given = node->attributes.find("probability");
      probabilities.push_back(given ? std::get<double>(*given) : 0.5);
    }
  EXPECT_EQ(probabilities, (std::vector<double>{0.25, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5}));
  EXPECT_EQ(names[0], "down/16/dropout");
  EXPECT_EQ(names[7], "merge/16/dropout");
}

TEST(UnetLecture, StartsAsKerasDoes) {
  const Graph graph = net("unet_lecture").graph;
  for (const Value& leaf : graph.leaves())
    if (leaf.name().ends_with("weight")) {
      EXPECT_EQ(leaf.leaf()->initializer.kind, Initializer::Kind::glorot_uniform) << leaf.name();
    }
}

/// Of the listing: Keras counts running statistics too.
std::int64_t total(const Summary& figures) { return figures.parameters + figures.state; }

TEST(UnetTgs, HasTheNotebooksParameters) {
  const Summary quirk = summarise(net("unet_tgs", {{"quirk", "single_convolution"}}), 128, 128);
  EXPECT_EQ(total(quirk), 1179121);
  EXPECT_EQ(quirk.parameters, 1177649);
  EXPECT_EQ(quirk.state, 1472);
  const Summary plain = summarise(net("unet_tgs"), 128, 128);
  EXPECT_EQ(total(plain), 2164305);
  EXPECT_EQ(plain.parameters, 2161361);
  EXPECT_EQ(plain.state, 2944) << "mean and variance of 18 layers";
  // The lecture's net with batch norm: four numbers a channel and layer.
  EXPECT_EQ(plain.parameters, 2158417 + 2944);
}

TEST(UnetTgs, TheQuirkLeavesOneConvolutionABlock) {
  const Graph quirk = net("unet_tgs", {{"quirk", "single_convolution"}}).graph;
  EXPECT_EQ(results(quirk, "conv2d").size(), 9u + 1);
  EXPECT_EQ(results(net("unet_tgs").graph, "conv2d").size(), 18u + 1);
  EXPECT_TRUE(quirk.find_leaf("down/32/b/weight"));
  EXPECT_FALSE(quirk.find_leaf("down/32/a/weight"));
}

TEST(UnetTgs, NormalisesAsKerasDoes) {
  const Graph graph = net("unet_tgs").graph;
  for (const auto& node : graph.nodes())
    if (node->op->name == "batch_norm") {
      EXPECT_EQ(to_string(node->attributes), "{epsilon=0.001, momentum=0.01}");
    }
}

TEST(UnetTgs, TakesAnySize) {
  for (const Shape& image : {Shape{1, 1, 1, 1}, Shape{1, 1, 101, 101}, Shape{2, 1, 37, 250}})
    EXPECT_EQ(instantiate(net("unet_tgs").graph, {{"image", image}}).output("logits").shape(), image);
}

TEST(KerasUnets, RefuseSettingsOutOfRange) {
  for (const char* name : {"unet_lecture", "unet_tgs"}) {
    const auto error = [&](Settings settings) { return input_error([&] { net(name, settings); }); };
    EXPECT_THAT(error({{"width", "1025"}}), HasSubstr(std::string(name) + ": width is 1025, expected 1 to 1024"));
    EXPECT_THAT(error({{"dropout", "1"}}), HasSubstr(std::string(name) + ": dropout is 1, expected 0 <= dropout < 1"));
  }
  EXPECT_THAT(input_error([] { net("unet_tgs", {{"quirk", "all"}}); }), HasSubstr("expected one of none, single_conv"));
}

}  // namespace
}  // namespace inlay
