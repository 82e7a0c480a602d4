#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "graph/options.h"
#include "inlay/model.h"
#include "inlay/options.h"
#include "inlay/summary.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

Model espnet(std::int64_t classes, const std::map<std::string, std::string>& settings = {}) {
  return create_model("espnet", {.out_channels = classes, .settings = settings});
}

std::int64_t parameters(std::int64_t classes, const std::map<std::string, std::string>& settings = {}) {
  return summarise(espnet(classes, settings).graph).parameters;
}

const Node& node_named(const Graph& graph, std::string_view name) {
  for (const auto& node : graph.nodes())
    if (node->name == name) return *node;
  throw std::logic_error("no node " + std::string(name));
}

// The authors' network for CamVid: p = 2, q = 8, 12 classes with the one that is ignored.
TEST(Espnet, HasAsManyParametersAsTheAuthors) { EXPECT_EQ(parameters(12), 354517); }

TEST(Espnet, EachModuleAddsItsOwn) {
  // n = 12 of 64 channels, the first branch takes 16: reduce 64 * 12, branches (16 + 4 * 12) * 12 * 9, batch norm and
  // PReLU 3 * 64. And 25 of 128.
  EXPECT_EQ(parameters(12, {{"p", "3"}}) - parameters(12), 64 * 12 + 64 * 12 * 9 + 3 * 64);
  EXPECT_EQ(parameters(12, {{"q", "9"}}) - parameters(12), 128 * 25 + 128 * 25 * 9 + 3 * 128);
}

TEST(Espnet, NamesItsParameters) {
  const Model model = espnet(12);
  const std::pair<const char*, Shape> known[] = {{"level1/weight", {16, 3, 3, 3}},
                                                 {"level1/slope", {16}},
                                                 {"level1/join/scale", {19}},
                                                 {"level2/down/reduce/weight", {12, 19, 3, 3}},
                                                 {"level2/down/d1/weight", {16, 12, 3, 3}},
                                                 {"level2/1/d16/weight", {12, 12, 3, 3}},
                                                 {"level2/join/shift", {131}},
                                                 {"level3/7/reduce/weight", {25, 128, 1, 1}},
                                                 {"level3/join/running_variance", {256}},
                                                 {"project3/weight", {12, 256, 1, 1}},
                                                 {"project3/running_mean", {12}},
                                                 {"up3/weight", {12, 12, 2, 2}},
                                                 {"project2/weight", {12, 131, 1, 1}},
                                                 {"merge2/join/slope", {24}},
                                                 {"merge2/reduce/weight", {2, 24, 1, 1}},
                                                 {"merge2/d1/weight", {4, 2, 3, 3}},
                                                 {"up2/weight", {12, 12, 2, 2}},
                                                 {"merge1/weight", {12, 31, 3, 3}},
                                                 {"head/weight", {12, 12, 2, 2}}};
  for (const auto& [name, shape] : known) {
    ASSERT_TRUE(model.tensors.contains(name)) << name;
    EXPECT_EQ(model.tensors.at(name).shape(), shape) << name;
  }
  EXPECT_EQ(model.tensors.size(), 189u) << "as many as in the authors' file";
  EXPECT_FALSE(model.tensors.contains("head/bias"));
}

TEST(Espnet, NormalisesAndPoolsAsTheAuthors) {
  const Model model = espnet(12);
  for (const auto& node : model.graph.nodes())
    if (node->op->name == "batch_norm") {
      EXPECT_EQ(from_attributes<BatchNormOptions>(node->attributes).epsilon, 1e-3) << node->name;
    }
  const auto pool = from_attributes<Pool2dOptions>(node_named(model.graph, "level1/avg_pool2d").attributes);
  EXPECT_TRUE(pool.count_include_pad);
  EXPECT_EQ(pool.kernel, Size2(3));
  for (std::int64_t dilation : {2, 4, 8, 16}) {
    const Node& node = node_named(model.graph, fmt::format("level3/0/d{}/conv2d", dilation));
    EXPECT_EQ(from_attributes<Conv2dOptions>(node.attributes).dilation, Size2(dilation));
  }
}

TEST(Espnet, TakesEverySize) {
  const Model model = espnet(5);
  EXPECT_EQ(model.info.size, SizeRule{});
  for (const auto& [height, width] : {std::pair{1, 1}, {7, 9}, {360, 480}, {97, 61}}) {
    const Graph graph = instantiate(model.graph, {{"image", {2, 3, height, width}}}, true);
    EXPECT_EQ(graph.output("logits").shape(), (Shape{2, 5, height, width}));
  }
}

// The decoder's ESP module has five branches, so it cannot be narrower.
TEST(Espnet, FewClassesHaveADecoderOfFiveChannels) {
  for (std::int64_t classes : {1, 4}) {
    const Model model = espnet(classes);
    EXPECT_EQ(model.tensors.at("merge2/d1/weight").shape(), (Shape{1, 1, 3, 3}));
    EXPECT_EQ(model.tensors.at("head/weight").shape(), (Shape{5, classes, 2, 2}));
  }
}

TEST(Espnet, WidthIsAFactorOfTheEncoder) {
  const Model half = espnet(12, {{"width", "0.5"}}), narrow = espnet(12, {{"width", "0.01"}});
  EXPECT_EQ(half.tensors.at("level3/0/reduce/weight").shape(), (Shape{12, 64, 1, 1}));
  EXPECT_EQ(half.tensors.at("merge1/weight").shape(), (Shape{12, 8 + 3 + 12, 3, 3}));
  EXPECT_EQ(narrow.tensors.at("level2/0/d1/weight").shape(), (Shape{1, 1, 3, 3})) << "a channel a branch at least";
}

TEST(Espnet, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { espnet(2, {{name, value}}); });
  };
  EXPECT_THAT(error("width", "9"), HasSubstr("espnet: width is 9, expected a number above 0 and up to 8"));
  EXPECT_THAT(error("p", "0"), HasSubstr("espnet: p is 0, expected 1 to 64"));
  EXPECT_THAT(error("q", "65"), HasSubstr("espnet: q is 65, expected 1 to 64"));
}

}  // namespace
}  // namespace inlay
