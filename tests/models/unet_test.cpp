#include "models/unet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "graph/operator.h"
#include "inlay/summary.h"
#include "support/graph_facts.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using testing::count_nodes;
using ::testing::HasSubstr;
using testing::input_error;
using testing::result_of;

std::map<std::string, std::string> up(std::string_view kind) { return {{"up", std::string(kind)}}; }

std::set<std::string> leaf_names(const Graph& graph) {
  std::set<std::string> names;
  for (const Value& leaf : graph.leaves()) names.insert(leaf.name());
  return names;
}

class EveryUpSampler : public ::testing::TestWithParam<std::string_view> {};

TEST_P(EveryUpSampler, ReachesTheLecturesSizes) {
  const Model model = create_model("unet", {.out_channels = 1, .settings = up(GetParam())});
  const Graph graph = instantiate(model.graph, {{"image", {1, 3, 128, 128}}});
  EXPECT_NO_THROW(verify(graph));
  EXPECT_EQ(result_of(graph, "bottom/256/b/relu"), (Shape{1, 256, 8, 8}));
  EXPECT_EQ(result_of(graph, "down/128/b/relu"), (Shape{1, 128, 16, 16}));
  EXPECT_EQ(result_of(graph, "merge/128/concat"), (Shape{1, 256, 16, 16}));
  EXPECT_EQ(result_of(graph, "merge/16/b/relu"), (Shape{1, 16, 128, 128}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 1, 128, 128}));
}

TEST_P(EveryUpSampler, WorksAtEverySizeDivisibleBySixteen) {
  const Model model = create_model("unet", {.out_channels = 5, .settings = up(GetParam())});
  EXPECT_EQ(model.info.size.multiple, 16);
  for (const Shape& shape : {Shape{1, 3, 16, 16}, Shape{3, 3, 48, 16}, Shape{2, 3, 32, 80}}) {
    const Graph graph = instantiate(model.graph, {{"image", shape}}, true);
    EXPECT_EQ(graph.output("logits").shape(), (Shape{shape[0], 5, shape[2], shape[3]}));
  }
}

INSTANTIATE_TEST_SUITE_P(Unet, EveryUpSampler, ::testing::ValuesIn(enum_names(UpSampler{})),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(Unet, UsesTheUpSamplerThatWasAskedFor) {
  const auto graph = [](std::string_view kind) { return create_model("unet", {.settings = up(kind)}).graph; };
  EXPECT_EQ(count_nodes(graph("transposed"), "conv_transpose2d"), 4);
  EXPECT_EQ(count_nodes(graph("unpool"), "max_unpool2d"), 4);
  EXPECT_EQ(count_nodes(graph("nails"), "bed_of_nails2d"), 4);
  const Graph resize_conv = graph("resize_conv");
  EXPECT_EQ(count_nodes(resize_conv, "pad"), 4);
  EXPECT_EQ(count_nodes(resize_conv, "resize2d"), 4);
  for (const auto& node : resize_conv.nodes())
    if (node->op->name == "pad") {
      EXPECT_EQ(to_string(node->attributes), "{padding=[1, 1, 1, 1], mode=reflect}");
    }
  for (const char* mode : {"nearest", "bilinear", "bicubic"}) {
    const Graph g = graph(mode);
    EXPECT_EQ(count_nodes(g, "resize2d"), 4);
    EXPECT_EQ(count_nodes(g, "conv_transpose2d"), 0);
    for (const auto& node : g.nodes())
      if (node->op->name == "resize2d" && mode != std::string_view("nearest")) {
        EXPECT_THAT(to_string(node->attributes), HasSubstr(mode));
      }
  }
}

TEST(Unet, NamesItsParameters) {
  const Model model = create_model("unet", {.settings = {{"width", "8"}, {"depth", "1"}}});
  const std::set<std::string> names = leaf_names(model.graph);
  std::set<std::string> expected{"image", "up/8/weight", "up/8/bias", "head/weight", "head/bias"};
  for (const char* block : {"down/8", "bottom/16", "merge/8"})
    for (const char* half : {"a", "b"})
      for (const char* leaf : {"weight", "scale", "shift", "running_mean", "running_variance"})
        expected.insert(std::string(block) + "/" + half + "/" + leaf);
  EXPECT_EQ(names, expected);
  expected.erase("image");
  for (const std::string& name : expected)
    EXPECT_EQ(model.tensors.at(name).shape(), model.graph.find_leaf(name).shape()) << name;
  EXPECT_EQ(model.tensors.size(), expected.size());
}

TEST(Unet, HasBiasesInsteadOfBatchNorm) {
  const Model model = create_model("unet", {.settings = {{"depth", "1"}, {"batch_norm", "off"}}});
  EXPECT_EQ(count_nodes(model.graph, "batch_norm"), 0);
  EXPECT_TRUE(model.graph.find_leaf("down/16/a/bias"));
  EXPECT_FALSE(model.graph.find_leaf("down/16/a/scale"));
}

TEST(Unet, DropsPerLevel) {
  const auto probabilities = [](const char* dropout) {
    const Model model = create_model("unet", {.settings = {{"depth", "2"}, {"dropout", dropout}}});
    std::map<std::string, std::string> found;
    for (const auto& node : model.graph.nodes())
      if (node->op->name == "dropout")
        found[node->name] =
            to_string(node->attributes.find("probability") ? *node->attributes.find("probability") : 0.5);
    return found;
  };
  EXPECT_TRUE(probabilities("0").empty());
  const auto each = probabilities("0.1,0,0.3");
  EXPECT_EQ(each, (std::map<std::string, std::string>{
                      {"down/16/a/dropout", "0.1"}, {"merge/16/a/dropout", "0.1"}, {"bottom/64/a/dropout", "0.3"}}));
  EXPECT_EQ(probabilities("0.2").size(), 5u);
}

TEST(Unet, CountsItsParameters) {
  const auto parameters = [](std::int64_t in, std::int64_t out, const UnetSettings& settings) {
    Graph graph;
    graph.set_output("logits", unet(Scope(graph), graph.input("image", {DType::f32, {1, in, 32, 32}}), out, settings));
    return summarise(graph).parameters;
  };
  // By hand for width 2, depth 1, without batch norm: (3*2 + 2*2)*9 + 4, (2*4 + 4*4)*9 + 8, 4*2*4 + 2, (4*2 + 2*2)*9 +
  // 4, 2*5 + 5.
  EXPECT_EQ(parameters(3, 5, {.width = 2, .depth = 1, .batch_norm = false}), 94 + 224 + 34 + 112 + 15);
  // The original: width 64, depth 4, one channel in, two out: 31.03 million.
  EXPECT_EQ(parameters(1, 2, {.width = 64, .batch_norm = false}), 31030658);
}

TEST(Unet, SupervisesTheLevelsOfItsDecoderButTheLowest) {
  const auto outputs = [](std::map<std::string, std::string> settings, std::int64_t side) {
    settings["deep_supervision"] = "true";
    settings["width"] = "4";
    const Model model = create_model("unet", {.out_channels = 3, .settings = settings});
    std::set<std::string> names;
    const Graph graph = instantiate(model.graph, {{"image", {2, 3, side, 2 * side}}}, true);
    for (const GraphOutput& output : graph.outputs()) {
      names.insert(output.name);
      EXPECT_EQ(output.value.shape(), (Shape{2, 3, side, 2 * side})) << output.name;
    }
    EXPECT_EQ(instantiate(model.graph, {}).outputs().size(), 1u) << "they serve training alone";
    EXPECT_EQ(leaf_names(model.graph).contains("aux/level1/weight"), true);
    return names;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(outputs({}, 32), (Names{"logits", "aux/level1", "aux/level2"}));
  EXPECT_EQ(outputs({{"depth", "3"}}, 8), (Names{"logits", "aux/level1"}));
  EXPECT_EQ(outputs({{"encoder", "resnet18"}}, 32), (Names{"logits", "aux/level1", "aux/level2", "aux/level3"}));
  EXPECT_THAT(input_error([&] {
                outputs({{"depth", "2"}}, 8);
              }),
              HasSubstr("unet: deep_supervision needs a depth of 3 or more, it is 2"));
}

TEST(Unet, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_model("unet", {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("width", "0"), HasSubstr("unet: width is 0, expected 1 to 1024"));
  EXPECT_THAT(error("width", "1025"), HasSubstr("expected 1 to 1024"));
  EXPECT_THAT(error("depth", "0"), HasSubstr("unet: depth is 0, expected 1 to 8"));
  EXPECT_THAT(error("depth", "9"), HasSubstr("expected 1 to 8"));
  EXPECT_THAT(error("dropout", "0.1,0.2"), HasSubstr("unet: dropout has 2 numbers, expected one, or 5"));
  EXPECT_THAT(error("dropout", "1"), HasSubstr("unet: dropout is 1, expected 0 <= dropout < 1"));
  EXPECT_THAT(error("dropout", "-0.1"), HasSubstr("unet: dropout is -0.1"));
  EXPECT_THAT(error("up", "transpose"), HasSubstr("did you mean 'transposed'?"));
  EXPECT_THAT(error("widht", "8"), HasSubstr("did you mean 'width'?"));
}

TEST(Unet, SaysWhereASizeDoesNotFit) {
  const Model model = create_model("unet");
  EXPECT_THAT(input_error([&] {
                instantiate(model.graph, {{"image", {1, 3, 360, 361}}});
              }),
              HasSubstr("concat at 'merge/"));
}

}  // namespace
}  // namespace inlay
