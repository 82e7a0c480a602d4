#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/model.h"
#include "inlay/summary.h"
#include "support/graph_facts.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using testing::count_nodes;
using ::testing::HasSubstr;
using testing::input_error;
using testing::node_of;
using testing::result_of;

// The authors' encoder with its biases has 338156 parameters and the decoder for 19 classes 26155: 0.36 million, 0.37
// in the paper. The biases in front of a batch norm, which does away with them, are left out here: 13 of the first
// convolution, 16 in each of bottleneck1, 32 in each of 2 and 3, 16 in 4 and 4 in 5.
TEST(Enet, HasAsManyParametersAsPublished) {
  const auto parameters = [](std::int64_t classes) {
    return summarise(create_model("enet", {.out_channels = classes}).graph).parameters;
  };
  const std::int64_t encoder = 338156 - (13 + 5 * 16 + 17 * 32), decoder = 26155 - (3 * 16 + 2 * 4);
  EXPECT_EQ(parameters(19), encoder + decoder);
  EXPECT_EQ(parameters(20) - parameters(19), 16 * 2 * 2 + 1) << "a class more costs a kernel of the last layer";
}

TEST(Enet, HasThePapersSizes) {
  const Graph graph = instantiate(create_model("enet", {.out_channels = 12}).graph, {{"image", {1, 3, 512, 512}}});
  EXPECT_EQ(result_of(graph, "initial/concat"), (Shape{1, 16, 256, 256}));
  EXPECT_EQ(result_of(graph, "initial/conv2d"), (Shape{1, 13, 256, 256}));
  EXPECT_EQ(result_of(graph, "bottleneck1/4/prelu"), (Shape{1, 64, 128, 128}));
  EXPECT_EQ(result_of(graph, "bottleneck1/0/conv/conv2d"), (Shape{1, 16, 128, 128}));
  EXPECT_EQ(result_of(graph, "bottleneck2/0/prelu"), (Shape{1, 128, 64, 64}));
  EXPECT_EQ(result_of(graph, "bottleneck3/8/prelu"), (Shape{1, 128, 64, 64}));
  EXPECT_EQ(result_of(graph, "bottleneck3/8/conv/conv2d"), (Shape{1, 32, 64, 64}));
  EXPECT_EQ(result_of(graph, "bottleneck4/0/relu"), (Shape{1, 64, 128, 128}));
  EXPECT_EQ(result_of(graph, "bottleneck5/1/relu"), (Shape{1, 16, 256, 256}));
  EXPECT_EQ(result_of(graph, "head/conv_transpose2d"), (Shape{1, 12, 512, 512}));
}

TEST(Enet, IsDilatedAndAsymmetricInTurn) {
  const Graph graph = create_model("enet").graph;
  const auto middle = [&](int section, int number) {
    const std::string scope = "bottleneck" + std::to_string(section) + "/" + std::to_string(number) + "/conv";
    return to_string(graph.find_leaf(scope + "/weight").shape()) +
           to_string(node_of(graph, scope + "/conv2d").attributes);
  };
  for (const int section : {2, 3}) {
    EXPECT_EQ(middle(section, 1), "32x32x3x3{padding=[1, 1, 1, 1]}");
    EXPECT_EQ(middle(section, 2), "32x32x3x3{padding=[2, 2, 2, 2], dilation=[2, 2]}");
    EXPECT_EQ(middle(section, 3), "32x32x5x1{padding=[2, 0, 2, 0]}");
    EXPECT_EQ(middle(section, 4), "32x32x3x3{padding=[4, 4, 4, 4], dilation=[4, 4]}");
    EXPECT_EQ(middle(section, 5), middle(section, 1));
    EXPECT_EQ(middle(section, 6), "32x32x3x3{padding=[8, 8, 8, 8], dilation=[8, 8]}");
    EXPECT_EQ(middle(section, 7), middle(section, 3));
    EXPECT_EQ(middle(section, 8), "32x32x3x3{padding=[16, 16, 16, 16], dilation=[16, 16]}");
  }
  EXPECT_EQ(graph.find_leaf("bottleneck2/3/conv/row/weight").shape(), (Shape{32, 32, 1, 5}));
  EXPECT_FALSE(graph.find_leaf("bottleneck2/3/conv/row/scale")) << "nothing between the two";
}

TEST(Enet, DropsChannelsOnTheWayDown) {
  const Graph graph = create_model("enet").graph;
  EXPECT_EQ(count_nodes(graph, "dropout"), 5 + 17);
  for (const auto& node : graph.nodes()) {
    if (node->op->name != "dropout") continue;
    EXPECT_THAT(to_string(node->attributes),
                HasSubstr(node->name.starts_with("bottleneck1/") ? "probability=0.01" : "probability=0.1"));
    EXPECT_THAT(to_string(node->attributes), HasSubstr("channels=true"));
  }
}

TEST(Enet, UnpoolsAtTheEncodersPositions) {
  const Graph graph = create_model("enet").graph;
  EXPECT_EQ(count_nodes(graph, "max_unpool2d"), 2);
  for (const auto& [up, down] : {std::pair{"bottleneck4/0", "bottleneck2/0"}, {"bottleneck5/0", "bottleneck1/0"}}) {
    const Value indices = node_of(graph, std::string(up) + "/skip/max_unpool2d").inputs[1];
    EXPECT_EQ(indices.node()->name, std::string(down) + "/max_pool2d");
  }
  EXPECT_EQ(node_of(graph, "bottleneck1/0/pad_channels").inputs[0].shape()[1], 16);
}

TEST(Enet, TakesPicturesOfAnySize) {
  const Model model = create_model("enet", {.out_channels = 3});
  EXPECT_EQ(model.info.size, SizeRule{});
  for (const Shape& shape : {Shape{1, 3, 1, 1}, Shape{2, 3, 37, 50}, Shape{1, 3, 63, 7}, Shape{1, 3, 360, 480}}) {
    const Graph graph = instantiate(model.graph, {{"image", shape}}, true);
    EXPECT_EQ(graph.output("logits").shape(), shape);
  }
}

TEST(Enet, StartsAsTorchDoes) {
  const Model model = create_model("enet", {.seed = 3});
  const auto largest = [&](std::string_view name) {
    float value = 0;
    for (const float number : model.tensors.find(std::string(name))->second.data<float>())
      value = std::max(value, std::abs(number));
    return value;
  };
  EXPECT_NEAR(largest("bottleneck2/1/conv/weight"), 1 / std::sqrt(32.0f * 9), 1e-3);
  EXPECT_LE(largest("bottleneck2/1/conv/weight"), 1 / std::sqrt(32.0f * 9));
  EXPECT_NEAR(largest("head/weight"), 1 / std::sqrt(16.0f * 4), 5e-3) << "input channels count in a transposed one";
  EXPECT_EQ(largest("bottleneck2/1/conv/slope"), 0.25f);
}

TEST(Enet, GrowsAndShrinksByItsWidth) {
  const Model half = create_model("enet", {.settings = {{"width", "0.5"}}});
  EXPECT_EQ(half.graph.find_leaf("bottleneck2/1/project/weight").shape(), (Shape{16, 64, 1, 1}));
  EXPECT_EQ(half.graph.find_leaf("initial/weight").shape(), (Shape{7, 3, 3, 3}));
  EXPECT_NO_THROW(create_model("enet", {.settings = {{"width", "0.01"}}}));
  EXPECT_NO_THROW(create_model("enet", {.in_channels = 200})) << "more channels than bottleneck1 has";
}

TEST(Enet, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_model("enet", {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("width", "0"), HasSubstr("enet: width is 0, expected a number above 0 and up to 8"));
  EXPECT_THAT(error("widht", "1"), HasSubstr("did you mean 'width'?"));
}

}  // namespace
}  // namespace inlay
