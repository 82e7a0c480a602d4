#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/summary.h"
#include "models/networks.h"
#include "support/graph_facts.h"
#include "support/network_graph.h"

namespace inlay::testing {
namespace {

TEST(Deconvnet, CountsItsParameters) {
  constexpr std::int64_t vgg = 14'714'688 - 4'224;  // the thirteen convolutions without their biases
  constexpr std::int64_t fc6 = 7 * 7 * 512 * 4096, fc7 = 4096 * 4096;
  constexpr std::int64_t mirrored =
      9 * (5 * 512 * 512 + 512 * 256 + 2 * 256 * 256 + 256 * 128 + 128 * 128 + 128 * 64 + 2 * 64 * 64);
  constexpr std::int64_t norms = 2 * (4'224 + 2 * 4096 + 512 + 5 * 512 + 3 * 256 + 2 * 128 + 3 * 64);
  constexpr std::int64_t score = 64 * 21 + 21;
  const Graph graph = network_graph("deconvnet", {.out_channels = 21}, {1, 3, 224, 224});
  EXPECT_EQ(parameters(graph), vgg + fc6 + fc7 + fc6 + mirrored + norms + score);
  EXPECT_EQ(parameters(graph), 251'788'949) << "the published 252 million; Caffe's net also has 16,704 biases in "
                                               "front of its batch norms, which do nothing";
  EXPECT_EQ(count_nodes(graph, "conv_transpose2d"), 14);
  EXPECT_EQ(count_nodes(graph, "max_unpool2d"), 5);
  EXPECT_EQ(count_nodes(graph, "batch_norm"), 13 + 2 + 14);
}

TEST(Deconvnet, GoesDownToOneVectorAndBack) {
  const Graph graph = network_graph("deconvnet", {.out_channels = 21}, {1, 3, 224, 224});
  EXPECT_EQ(result_of(graph, "fc7/relu"), (Shape{1, 4096, 1, 1}));
  EXPECT_EQ(result_of(graph, "deconv_fc6/relu"), (Shape{1, 512, 7, 7}));
  EXPECT_EQ(result_of(graph, "deconv5/max_unpool2d"), (Shape{1, 512, 14, 14}));
  EXPECT_EQ(result_of(graph, "deconv4/3/relu"), (Shape{1, 256, 28, 28}));
  EXPECT_EQ(result_of(graph, "deconv2/2/relu"), (Shape{1, 64, 112, 112}));
  EXPECT_EQ(result_of(graph, "deconv1/2/relu"), (Shape{1, 64, 224, 224}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 21, 224, 224}));
}

TEST(Deconvnet, TakesPicturesInWhichTheFirstFullLayerFits) {
  const SizeRule rule = kDeconvnet.size({});
  EXPECT_EQ(rule.fit(1), 224);
  EXPECT_EQ(rule.fit(225), 256);
  const Graph graph =
      network_graph("deconvnet", {.out_channels = 2, .settings = {{"width", "0.01"}}}, {1, 3, 224, 224});
  EXPECT_EQ(instantiate(graph, {{"image", {2, 3, 256, 320}}}).output("logits").shape(), (Shape{2, 2, 256, 320}));
}

TEST(Deconvnet, MultipliesAllItsChannels) {
  const Graph graph =
      network_graph("deconvnet", {.out_channels = 3, .settings = {{"width", "0.25"}}}, {1, 3, 224, 224});
  EXPECT_EQ(graph.find_leaf("fc6/weight").shape(), (Shape{1024, 128, 7, 7}));
  EXPECT_EQ(graph.find_leaf("deconv_fc6/weight").shape(), (Shape{1024, 128, 7, 7}));
  EXPECT_EQ(graph.find_leaf("deconv1/2/weight").shape(), (Shape{16, 16, 3, 3}));
}

TEST(Deconvnet, StartsTheWayUpFromSmallNormalNumbers) {
  const Graph graph =
      network_graph("deconvnet", {.out_channels = 2, .settings = {{"width", "0.01"}}}, {1, 3, 224, 224});
  for (const char* name : {"deconv_fc6/weight", "deconv3/2/weight", "score/weight"})
    EXPECT_EQ(graph.find_leaf(name).leaf()->initializer, (Initializer{Initializer::Kind::normal, 0.01})) << name;
  EXPECT_EQ(graph.find_leaf("fc6/weight").leaf()->initializer.kind, Initializer::Kind::he_normal);
}

}  // namespace
}  // namespace inlay::testing
