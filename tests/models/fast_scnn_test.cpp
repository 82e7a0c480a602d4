#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/model.h"
#include "inlay/summary.h"
#include "support/graph_facts.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;
using testing::node_of;
using testing::result_of;

/// Inference alone: without the auxiliary heads.
Graph network(std::int64_t classes = 19, std::map<std::string, std::string> settings = {{"aux", "off"}}) {
  return create_model("fast_scnn", {.out_channels = classes, .settings = settings}).graph;
}

std::int64_t parameters(const Graph& graph, std::string_view kind = "") {
  std::int64_t all = 0;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::parameter && leaf.name().ends_with(kind)) all += leaf.shape().elements();
  return all;
}

// The paper's 1.11 million are the convolutions alone; the batch norms, two numbers a channel, come on top.
TEST(FastScnn, HasAsManyParametersAsPublished) {
  const Graph graph = network();
  EXPECT_EQ(parameters(graph, "/weight") + parameters(graph, "/bias"), 1'114'115);
  EXPECT_EQ(parameters(graph, "/scale") + parameters(graph, "/shift"), 23'680);
  EXPECT_EQ(summarise(graph).parameters, 1'114'115 + 23'680);
}

TEST(FastScnn, HasAsManyParametersInEachModule) {
  const Graph graph = network();
  const auto in = [&](std::string_view scope) {
    std::int64_t all = 0;
    for (const Value& leaf : graph.leaves())
      if (leaf.leaf()->kind == LeafKind::parameter && leaf.name().starts_with(scope)) all += leaf.shape().elements();
    return all;
  };
  EXPECT_EQ(in("down/"), 6'640);
  EXPECT_EQ(in("global/") - in("global/pyramid/"), 1'016'448);
  EXPECT_EQ(in("global/pyramid/"), 4 * (128 * 32 + 2 * 32) + 256 * 128 + 2 * 128);
  EXPECT_EQ(in("fusion/"), 9 * 128 + 128 * 128 + 64 * 128 + 3 * 2 * 128);
  EXPECT_EQ(in("classifier/"), 2 * (9 * 128 + 128 * 128 + 2 * 2 * 128));
  EXPECT_EQ(in("head/"), 128 * 19 + 19);
}

TEST(FastScnn, HasThePapersSizes) {
  const Graph graph = instantiate(network(), {{"image", {1, 3, 1024, 2048}}});
  EXPECT_EQ(result_of(graph, "down/0/relu"), (Shape{1, 32, 512, 1024}));
  EXPECT_EQ(result_of(graph, "down/1/pointwise/relu"), (Shape{1, 48, 256, 512}));
  EXPECT_EQ(result_of(graph, "down/2/pointwise/relu"), (Shape{1, 64, 128, 256}));
  EXPECT_EQ(result_of(graph, "global/0/2/add"), (Shape{1, 64, 64, 128}));
  EXPECT_EQ(result_of(graph, "global/1/0/expand/relu"), (Shape{1, 384, 64, 128}));
  EXPECT_EQ(result_of(graph, "global/1/2/add"), (Shape{1, 96, 32, 64}));
  EXPECT_EQ(result_of(graph, "global/2/2/add"), (Shape{1, 128, 32, 64}));
  EXPECT_EQ(result_of(graph, "global/pyramid/6/adaptive_avg_pool2d"), (Shape{1, 128, 6, 6}));
  EXPECT_EQ(result_of(graph, "global/pyramid/out/concat"), (Shape{1, 256, 32, 64}));
  EXPECT_EQ(result_of(graph, "fusion/relu"), (Shape{1, 128, 128, 256}));
  EXPECT_EQ(result_of(graph, "head/conv2d"), (Shape{1, 19, 128, 256}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 19, 1024, 2048}));
}

TEST(FastScnn, FollowsThePaperWhereImplementationsDiffer) {
  const Graph graph = network();
  EXPECT_EQ(node_of(graph, "down/1/pointwise/conv2d").inputs[0].node()->op->name, "batch_norm")
      << "nothing between the halves of a separable convolution";
  EXPECT_THAT(to_string(node_of(graph, "fusion/depthwise/conv2d").attributes),
              HasSubstr("padding=[4, 4, 4, 4], dilation=[4, 4], groups=128"));
}

TEST(FastScnn, HasAuxiliaryLossesWhenItTrains) {
  const Graph graph = network(5, {}), without = network(5);
  for (const char* name : {"aux/down", "aux/global"})
    EXPECT_EQ(graph.output(name).shape(), graph.output("logits").shape());
  EXPECT_EQ(instantiate(graph, {}).outputs().size(), 1u);
  EXPECT_EQ(instantiate(graph, {}, true).outputs().size(), 3u);
  EXPECT_EQ(without.outputs().size(), 1u);
  EXPECT_EQ(parameters(graph) - parameters(without), (64 + 128) * 32 * 9 + 2 * (2 * 32 + 32 * 5 + 5));
}

TEST(FastScnn, TakesPicturesOfAnySize) {
  const Model model = create_model("fast_scnn", {.out_channels = 3});
  EXPECT_EQ(model.info.size, SizeRule{});
  for (const Shape& shape : {Shape{1, 3, 1, 1}, Shape{2, 3, 37, 50}, Shape{1, 3, 95, 200}}) {
    const Graph graph = instantiate(model.graph, {{"image", shape}}, true);
    EXPECT_EQ(graph.output("logits").shape(), shape);
    EXPECT_EQ(graph.output("aux/global").shape(), shape);
  }
}

TEST(FastScnn, GrowsAndShrinksByItsWidth) {
  const Graph graph = network(2, {{"width", "0.25"}});
  EXPECT_EQ(graph.find_leaf("global/2/2/project/weight").shape(), (Shape{32, 192, 1, 1}));
  EXPECT_EQ(graph.find_leaf("global/pyramid/3/weight").shape(), (Shape{8, 32, 1, 1}));
  EXPECT_NO_THROW(network(2, {{"width", "0.01"}}));
}

TEST(FastScnn, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { network(2, {{name, value}}); });
  };
  EXPECT_THAT(error("width", "8.5"), HasSubstr("fast_scnn: width is 8.5, expected a number above 0 and up to 8"));
  EXPECT_THAT(error("aux", "maybe"), HasSubstr("fast_scnn: aux is 'maybe', expected on or off"));
  EXPECT_THAT(error("auxx", "on"), HasSubstr("did you mean 'aux'?"));
}

}  // namespace
}  // namespace inlay
