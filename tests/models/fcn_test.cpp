#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "inlay/summary.h"
#include "models/networks.h"
#include "support/graph_facts.h"
#include "support/input_error.h"
#include "support/network_graph.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using Texts = std::map<std::string, std::string>;

const Texts kOriginal{{"pad", "original"}};

TEST(Fcn, CountsItsParameters) {
  constexpr std::int64_t trunk = 14'714'688;  // VGG16's thirteen convolutions
  constexpr std::int64_t fc6 = 7 * 7 * 512 * 4096 + 4096, fc7 = 4096 * 4096 + 4096;
  constexpr std::int64_t score = 4096 * 21 + 21, score_pool4 = 512 * 21 + 21, score_pool3 = 256 * 21 + 21;
  constexpr std::int64_t up = 21 * 21;  // times the kernel's pixels; there is no bias
  const Graph of32 = network_graph("fcn32s", {.out_channels = 21}),
              of16 = network_graph("fcn16s", {.out_channels = 21}), of8 = network_graph("fcn8s", {.out_channels = 21});
  EXPECT_EQ(parameters(of32, "conv"), trunk);
  EXPECT_EQ(parameters(of32), trunk + fc6 + fc7 + score + up * 64 * 64);
  EXPECT_EQ(parameters(of16), trunk + fc6 + fc7 + score + score_pool4 + up * (4 * 4 + 32 * 32));
  EXPECT_EQ(parameters(of8), trunk + fc6 + fc7 + score + score_pool4 + score_pool3 + up * (4 * 4 + 4 * 4 + 16 * 16));
  EXPECT_EQ(summarise(of32).parameters, 136'152'917);
  EXPECT_EQ(summarise(of16).parameters, 134'815'994);
  EXPECT_EQ(summarise(of8).parameters, 134'489'759) << "the published 134.5 million";
}

/// Of FCN-8s on PASCAL VOC's usual 500x500 pixels, in Caffe.
TEST(Fcn, HasThePublishedSizesWithTheOriginalPadding) {
  const Graph graph = network_graph("fcn8s", {.out_channels = 21, .settings = kOriginal}, {1, 3, 500, 500});
  EXPECT_EQ(result_of(graph, "conv1/1/conv2d"), (Shape{1, 64, 698, 698}));
  EXPECT_EQ(result_of(graph, "pool3/max_pool2d"), (Shape{1, 256, 88, 88}));
  EXPECT_EQ(result_of(graph, "pool4/max_pool2d"), (Shape{1, 512, 44, 44}));
  EXPECT_EQ(result_of(graph, "pool5/max_pool2d"), (Shape{1, 512, 22, 22}));
  EXPECT_EQ(result_of(graph, "fc6/conv2d"), (Shape{1, 4096, 16, 16}));
  EXPECT_EQ(result_of(graph, "up2/conv_transpose2d"), (Shape{1, 21, 34, 34}));
  EXPECT_EQ(result_of(graph, "up_pool4/conv_transpose2d"), (Shape{1, 21, 70, 70}));
  EXPECT_EQ(result_of(graph, "up8/conv_transpose2d"), (Shape{1, 21, 568, 568}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 21, 500, 500}));
}

std::vector<std::int64_t> crop_offsets(const char* network, const Texts& settings) {
  std::vector<std::int64_t> offsets;
  const Graph graph = network_graph(network, {.out_channels = 2, .settings = settings});
  for (const auto& node : graph.nodes())
    if (node->op->name == "crop_like") offsets.push_back(std::get<std::int64_t>(*node->attributes.find("offset")));
  return offsets;
}

TEST(Fcn, CutsAsThePublishedNetsDo) {
  using ::testing::ElementsAre;
  EXPECT_THAT(crop_offsets("fcn32s", kOriginal), ElementsAre(19));
  EXPECT_THAT(crop_offsets("fcn16s", kOriginal), ElementsAre(5, 27));
  EXPECT_THAT(crop_offsets("fcn8s", kOriginal), ElementsAre(5, 9, 31));
  EXPECT_THAT(crop_offsets("fcn8s", {}), ElementsAre(0, 0, 0));
}

TEST(Fcn, TakesEverySize) {
  for (const char* network : {"fcn32s", "fcn16s", "fcn8s"})
    for (const char* pad : {"same", "original"}) {
      const Texts settings{{"pad", pad}, {"width", "0.01"}};
      EXPECT_EQ(create_model(network, {.settings = settings}).info.size, SizeRule{});
      const Graph graph = network_graph(network, {.out_channels = 3, .settings = settings});
      for (std::int64_t side = 1; side <= 70; ++side) {
        const Graph other = instantiate(graph, {{"image", {1, 3, side, 71 - side}}});
        EXPECT_EQ(other.output("logits").shape(), (Shape{1, 3, side, 71 - side}));
      }
    }
}

TEST(Fcn, DropsTwiceAndScalesTheSkipsWhenTrainedAtOnce) {
  const Graph graph = network_graph("fcn8s", {.out_channels = 21, .settings = {{"at_once", "on"}}});
  EXPECT_EQ(count_nodes(graph, "dropout"), 2);
  EXPECT_EQ(count_nodes(network_graph("fcn8s", {.out_channels = 21, .settings = {{"dropout", "0"}}}), "dropout"), 0);
  Texts scales;
  for (const auto& node : graph.nodes())
    if (node->op->name == "affine") scales[node->name] = to_string(*node->attributes.find("scale"));
  EXPECT_EQ(scales, (Texts{{"score_pool4/affine", "0.01"}, {"score_pool3/affine", "0.0001"}}));
  EXPECT_EQ(count_nodes(network_graph("fcn8s", {.out_channels = 21}), "affine"), 0);
}

std::set<std::string> without(std::set<std::string> names, const std::set<std::string>& others) {
  std::erase_if(names, [&](const std::string& name) { return others.contains(name); });
  return names;
}

TEST(Fcn, SharesItsNamesWithTheCoarserNet) {
  const auto of32 = tensor_names(network_graph("fcn32s", {.out_channels = 2})),
             of16 = tensor_names(network_graph("fcn16s", {.out_channels = 2})),
             of8 = tensor_names(network_graph("fcn8s", {.out_channels = 2}));
  using Names = std::set<std::string>;
  EXPECT_EQ(without(of16, of32), (Names{"score_pool4/weight", "score_pool4/bias", "up2/weight", "up16/weight"}));
  EXPECT_EQ(without(of32, of16), (Names{"up32/weight"}));
  EXPECT_EQ(without(of8, of16), (Names{"score_pool3/weight", "score_pool3/bias", "up_pool4/weight", "up8/weight"}));
  EXPECT_EQ(without(of16, of8), (Names{"up16/weight"}));
  for (const char* name : {"conv1/1/weight", "conv5/3/bias", "fc6/weight", "fc7/bias", "score/weight"})
    EXPECT_TRUE(of32.contains(name)) << name;
}

TEST(Fcn, StartsAtZeroScoresAndBilinearUpSampling) {
  const Model model = create_model("fcn8s", {.out_channels = 2, .settings = {{"width", "0.02"}}});
  for (const char* name : {"score/weight", "score_pool4/weight", "score_pool3/weight"})
    EXPECT_THAT(model.tensors.at(name).data<float>(), ::testing::Each(0.0f)) << name;
  const auto kernel = model.tensors.at("up2/weight").data<float>();
  EXPECT_THAT(kernel.first(4), ::testing::ElementsAre(0.0625f, 0.1875f, 0.1875f, 0.0625f));
  EXPECT_THAT(kernel.subspan(16, 16), ::testing::Each(0.0f)) << "from one class to another";
  EXPECT_EQ(model.tensors.at("up8/weight").shape(), (Shape{2, 2, 16, 16}));
}

TEST(Fcn, RefusesSettingsOutOfRange) {
  const auto error = [](const char* network, const char* name, const char* value) {
    return input_error([&] { create_model(network, {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("fcn8s", "width", "9"), HasSubstr("fcn8s: width is 9, expected a number above 0 and up to 8"));
  EXPECT_THAT(error("fcn16s", "dropout", "1"), HasSubstr("fcn16s: dropout is 1, expected 0 <= dropout < 1"));
  EXPECT_THAT(error("fcn8s", "pad", "none"), HasSubstr("fcn8s: pad is 'none', expected one of same, original"));
  EXPECT_THAT(error("fcn32s", "at_once", "on"),
              HasSubstr("fcn32s: unknown setting 'at_once', expected one of width, dropout, pad"));
}

}  // namespace
}  // namespace inlay::testing
