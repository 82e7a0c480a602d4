#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "graph/operator.h"
#include "graph/rewrite.h"
#include "inlay/model.h"
#include "inlay/summary.h"
#include "support/graph_facts.h"
#include "support/input_error.h"
#include "support/network_graph.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using Layers = std::vector<std::int64_t>;

const Layers k56(11, 4);
const Layers k103{4, 5, 7, 10, 12, 15, 12, 10, 7, 5, 4};

/// Table 1 and 2 of the paper, in channels: batch norm, ReLU, convolution with bias.
std::int64_t count_by_hand(const Layers& layers, std::int64_t growth, std::int64_t in_channels, std::int64_t classes) {
  const auto layer = [](std::int64_t in, std::int64_t out, std::int64_t window) {
    return 2 * in + in * out * window + out;
  };
  std::int64_t channels = 48, count = in_channels * 48 * 9 + 48;
  const auto block = [&](std::int64_t depth) {
    for (std::int64_t i = 0; i < depth; ++i, channels += growth) count += layer(channels, growth, 9);
  };
  Layers skips;
  for (std::size_t i = 0; i < 5; ++i) {
    block(layers[i]);
    skips.push_back(channels);
    count += layer(channels, channels, 1);
  }
  block(layers[5]);
  for (std::size_t i = 6; i < 11; ++i) {
    const std::int64_t kept = growth * layers[i - 1];
    count += kept * kept * 9 + kept;
    channels = kept + skips[10 - i];
    block(layers[i]);
  }
  return count + channels * classes + classes;
}

TEST(FcDensenet, CountsItsParameters) {
  const Summary small = summarise(network_graph("fc_densenet56", {.out_channels = 11}));
  EXPECT_EQ(small.parameters, count_by_hand(k56, 12, 3, 11));
  EXPECT_EQ(small.parameters, 1'376'795);
  EXPECT_EQ(small.parameters + small.state, 1'397'963) << "the authors' program counts running statistics too";
  const Summary large = summarise(network_graph("fc_densenet103", {.out_channels = 11}));
  EXPECT_EQ(large.parameters, count_by_hand(k103, 16, 3, 11));
  EXPECT_EQ(large.parameters, 9'322'091);
  EXPECT_EQ(large.parameters + large.state, 9'425'163) << "the paper's 9.4 million";
}

TEST(FcDensenet, HasAsManyConvolutionsAsItsNameSays) {
  for (const auto& [name, expected] : {std::pair{"fc_densenet56", 56}, {"fc_densenet103", 103}}) {
    int count = 0;
    const Graph graph = network_graph(name);
    for (const auto& node : graph.nodes()) count += node->op->name.starts_with("conv") ? 1 : 0;
    EXPECT_EQ(count, expected) << name;
  }
}

TEST(FcDensenet, ReachesTheChannelsOfThePaper) {
  // m in table 2, a block's input and all that its layers add; from the bottom on the table has 16 too few (2 too many
  // once), as the authors say beside their program.
  const Graph graph = network_graph("fc_densenet103", {}, {1, 3, 224, 224});
  EXPECT_EQ(result_of(graph, "down/1/dense/concat"), (Shape{1, 112, 224, 224}));
  EXPECT_EQ(result_of(graph, "down/2/dense/concat"), (Shape{1, 192, 112, 112}));
  EXPECT_EQ(result_of(graph, "down/3/dense/concat"), (Shape{1, 304, 56, 56}));
  EXPECT_EQ(result_of(graph, "down/4/dense/concat"), (Shape{1, 464, 28, 28}));
  EXPECT_EQ(result_of(graph, "down/5/dense/concat"), (Shape{1, 656, 14, 14}));
  // What the last layer of a block reads: all but its own 16.
  EXPECT_EQ(result_of(graph, "bottom/dense/15/relu"), (Shape{1, 896 - 16, 7, 7}));
  EXPECT_EQ(result_of(graph, "up/5/dense/12/relu"), (Shape{1, 1088 - 16, 14, 14}));
  EXPECT_EQ(result_of(graph, "up/4/dense/10/relu"), (Shape{1, 816 - 16, 28, 28}));
  EXPECT_EQ(result_of(graph, "up/3/dense/7/relu"), (Shape{1, 576 - 16, 56, 56}));
  EXPECT_EQ(result_of(graph, "up/2/dense/5/relu"), (Shape{1, 384 - 16, 112, 112}));
  EXPECT_EQ(result_of(graph, "up/1/dense/concat"), (Shape{1, 256, 224, 224}));
}

TEST(FcDensenet, WorksAtEverySizeFromThirtyTwoOn) {
  const Model model = create_model("fc_densenet56", {.out_channels = 4});
  EXPECT_EQ(model.info.size, SizeRule{.least = 32});
  for (const Shape& image : {Shape{1, 3, 32, 32}, Shape{2, 3, 33, 63}, Shape{1, 3, 127, 95}})
    EXPECT_EQ(instantiate(model.graph, {{"image", image}}, true).output("logits").shape(),
              (Shape{image[0], 4, image[2], image[3]}));
  EXPECT_THROW(instantiate(model.graph, {{"image", {1, 3, 31, 32}}}), InputError);
}

TEST(FcDensenet, ComputesNothingInVain) {
  const Graph graph = network_graph("fc_densenet56");
  EXPECT_THAT(live_nodes(graph), ::testing::Each(true));
}

TEST(FcDensenet, StartsAndDropsAsThePaperDoes) {
  const Graph graph = network_graph("fc_densenet56");
  for (const Value& leaf : graph.leaves())
    if (leaf.name().ends_with("/weight")) {
      EXPECT_EQ(leaf.leaf()->initializer.kind, Initializer::Kind::he_uniform) << leaf.name();
    }
  const auto dropouts = [](const char* probability) {
    std::int64_t count = 0;
    const Graph dropping = network_graph("fc_densenet56", {.settings = {{"dropout", probability}}});
    for (const auto& node : dropping.nodes()) count += node->op->name == "dropout" ? 1 : 0;
    return count;
  };
  EXPECT_EQ(dropouts("0.2"), 11 * 4 + 5) << "every convolution of the blocks and of the transitions down";
  EXPECT_EQ(dropouts("0"), 0);
}

TEST(FcDensenet, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_model("fc_densenet103", {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("dropout", "1"), HasSubstr("fc_densenet103: dropout is 1, expected 0 <= dropout < 1"));
  EXPECT_THAT(error("dropout", "-0.1"), HasSubstr("fc_densenet103: dropout is -0.1"));
  EXPECT_THAT(error("width", "0"), HasSubstr("fc_densenet103: width is 0, expected a number above 0 and up to 8"));
}

}  // namespace
}  // namespace inlay::testing
