#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/error.h"
#include "inlay/model.h"
#include "inlay/summary.h"
#include "models/networks.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

Model small(std::int64_t depth) {
  return create_model("unet_original", {.settings = {{"width", "2"}, {"depth", std::to_string(depth)}}});
}

/// As published; without first weights, which take long to draw.
Graph full(std::int64_t side) {
  Graph graph;
  const Value image = graph.input("image", {DType::f32, {1, 1, side, side}});
  graph.set_output("logits", kUnetOriginal.build(Scope(graph), image, {.out_channels = 2}));
  return graph;
}

Shape shape_of(const Graph& graph, std::string_view name) {
  for (const auto& node : graph.nodes())
    if (node->name == name) return node->outputs[0].shape();
  ADD_FAILURE() << "no node '" << name << "' in\n" << to_string(graph);
  return {};
}

TEST(UnetOriginal, HasTheSizesOfThePapersFigure) {
  const Graph graph = full(572);
  EXPECT_EQ(shape_of(graph, "down/64/a/relu"), (Shape{1, 64, 570, 570}));
  EXPECT_EQ(shape_of(graph, "down/64/b/relu"), (Shape{1, 64, 568, 568}));
  EXPECT_EQ(shape_of(graph, "down/128/b/relu"), (Shape{1, 128, 280, 280}));
  EXPECT_EQ(shape_of(graph, "down/256/b/relu"), (Shape{1, 256, 136, 136}));
  EXPECT_EQ(shape_of(graph, "down/512/b/relu"), (Shape{1, 512, 64, 64}));
  EXPECT_EQ(shape_of(graph, "bottom/1024/b/relu"), (Shape{1, 1024, 28, 28}));
  EXPECT_EQ(shape_of(graph, "merge/512/crop_like"), (Shape{1, 512, 56, 56}));
  EXPECT_EQ(shape_of(graph, "merge/512/concat"), (Shape{1, 1024, 56, 56}));
  EXPECT_EQ(shape_of(graph, "merge/256/b/relu"), (Shape{1, 256, 100, 100}));
  EXPECT_EQ(shape_of(graph, "merge/128/b/relu"), (Shape{1, 128, 196, 196}));
  EXPECT_EQ(shape_of(graph, "merge/64/b/relu"), (Shape{1, 64, 388, 388}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 2, 388, 388}));
}

TEST(UnetOriginal, HasThePublishedNumberOfParameters) {
  const auto pair = [](std::int64_t in, std::int64_t out) { return 9 * out * (in + out) + 2 * out; };
  const auto up = [](std::int64_t out) { return 4 * 2 * out * out + out; };
  const std::int64_t down = pair(1, 64) + pair(64, 128) + pair(128, 256) + pair(256, 512) + pair(512, 1024);
  std::int64_t expanding = 0;
  for (std::int64_t channels : {512, 256, 128, 64}) expanding += up(channels) + pair(2 * channels, channels);
  EXPECT_EQ(down + expanding + 2 * 64 + 2, 31030658);
  EXPECT_EQ(summarise(full(188)).parameters, 31030658);
}

TEST(UnetOriginal, TakesSidesThatEveryPoolingHalves) {
  EXPECT_EQ(small(4).info.size, (SizeRule{.multiple = 16, .remainder = 12, .least = 188, .margin = 92}));
  for (std::int64_t depth = 1; depth <= 6; ++depth) {
    const Model model = small(depth);
    const SizeRule& rule = model.info.size;
    EXPECT_EQ(rule.fit(rule.least), rule.least);
    for (std::int64_t side : {rule.least, rule.least + rule.multiple}) {
      const Graph graph = instantiate(model.graph, {{"image", {1, 3, side, side}}});
      const std::int64_t logits = graph.output("logits").shape()[2];
      EXPECT_EQ(logits, side - 2 * rule.margin);
      EXPECT_GE(logits, 1);
      for (const auto& node : graph.nodes())
        if (node->op->name == "max_pool2d") {
          EXPECT_EQ(node->inputs[0].shape()[2] % 2, 0) << node->name << " of depth " << depth;
        }
    }
    if (rule.least > rule.multiple) {
      EXPECT_THROW(instantiate(model.graph, {{"image", {1, 3, rule.least - rule.multiple, rule.least}}}), InputError)
          << "the least side is the least, depth " << depth;
    }
  }
}

TEST(UnetOriginal, DropsAtTheEndOfTheContractingPath) {
  const auto dropouts = [](const char* dropout) {
    std::vector<std::string> names;
    const Model model = create_model("unet_original", {.settings = {{"width", "2"}, {"dropout", dropout}}});
    for (const auto& node : model.graph.nodes())
      if (node->op->name == "dropout") names.push_back(node->name);
    return names;
  };
  EXPECT_THAT(dropouts("0.5"), ElementsAre("down/16/dropout", "bottom/32/dropout"));
  EXPECT_TRUE(dropouts("0").empty());
}

TEST(UnetOriginal, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_model("unet_original", {.settings = {{name, value}}}); });
  };
  EXPECT_EQ(error("width", "0"), "unet_original: width is 0, expected 1 to 1024");
  EXPECT_EQ(error("depth", "7"), "unet_original: depth is 7, expected 1 to 6");
  EXPECT_EQ(error("dropout", "1"), "unet_original: dropout is 1, expected 0 <= dropout < 1");
  EXPECT_THAT(error("batch_norm", "on"), HasSubstr("unknown setting 'batch_norm'"));
}

}  // namespace
}  // namespace inlay
