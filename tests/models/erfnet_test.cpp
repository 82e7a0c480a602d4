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

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

Model erfnet(std::int64_t classes, const std::map<std::string, std::string>& settings = {}, std::int64_t channels = 3) {
  return create_model("erfnet", {.in_channels = channels, .out_channels = classes, .settings = settings});
}

/// A block of four factored convolutions with biases and two batch norms.
constexpr std::int64_t block(std::int64_t channels) { return 4 * (channels * channels * 3 + channels) + 4 * channels; }

// 2.06 million: the authors' network for the 20 labels of Cityscapes, without the head that only trains the encoder.
TEST(Erfnet, HasAsManyParametersAsTheAuthors) {
  const std::int64_t down = (3 * 13 * 9 + 13 + 2 * 16) + (16 * 48 * 9 + 48 + 2 * 64) + (64 * 64 * 9 + 64 + 2 * 128);
  const std::int64_t up = (128 * 64 * 9 + 64 + 2 * 64) + (64 * 16 * 9 + 16 + 2 * 16) + (16 * 20 * 4 + 20);
  const std::int64_t expected = down + 5 * block(64) + 8 * block(128) + up + 2 * block(64) + 2 * block(16);
  EXPECT_EQ(expected, 2064256);
  EXPECT_EQ(summarise(erfnet(20).graph).parameters, expected);
}

TEST(Erfnet, NamesItsParameters) {
  const Model model = erfnet(20);
  const std::pair<const char*, Shape> known[] = {{"encoder/1/down/weight", {13, 3, 3, 3}},
                                                 {"encoder/1/down/scale", {16}},
                                                 {"encoder/2/down/bias", {48}},
                                                 {"encoder/2/4/a/3x1/weight", {64, 64, 3, 1}},
                                                 {"encoder/3/7/b/1x3/weight", {128, 128, 1, 3}},
                                                 {"encoder/3/7/b/running_mean", {128}},
                                                 {"decoder/2/up/weight", {128, 64, 3, 3}},
                                                 {"decoder/1/1/b/shift", {16}},
                                                 {"head/weight", {16, 20, 2, 2}},
                                                 {"head/bias", {20}}};
  for (const auto& [name, shape] : known) {
    ASSERT_TRUE(model.tensors.contains(name)) << name;
    EXPECT_EQ(model.tensors.at(name).shape(), shape) << name;
  }
}

TEST(Erfnet, DilatesAndDropsAsInTableOne) {
  std::vector<std::int64_t> dilations;
  std::vector<double> dropped;
  const Model model = erfnet(20);
  for (const auto& node : model.graph.nodes()) {
    if (node->name.starts_with("encoder/3/") && node->name.ends_with("/b/3x1/conv2d"))
      dilations.push_back(from_attributes<Conv2dOptions>(node->attributes).dilation.h);
    if (node->op->name == "batch_norm") {
      EXPECT_EQ(from_attributes<BatchNormOptions>(node->attributes).epsilon, 1e-3) << node->name;
    }
    if (node->op->name != "dropout") continue;
    const auto options = from_attributes<DropoutOptions>(node->attributes);
    EXPECT_TRUE(options.channels);
    dropped.push_back(options.probability);
  }
  EXPECT_THAT(dilations, ElementsAre(2, 4, 8, 16, 2, 4, 8, 16));
  EXPECT_THAT(dropped, ElementsAre(0.03, 0.03, 0.03, 0.03, 0.03, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3));
}

TEST(Erfnet, TakesEverySize) {
  const Model model = erfnet(5);
  EXPECT_EQ(model.info.size, SizeRule{});
  for (const auto& [height, width] : {std::pair{1, 1}, {7, 9}, {512, 1024}, {97, 61}}) {
    const Graph graph = instantiate(model.graph, {{"image", {2, 3, height, width}}}, true);
    EXPECT_EQ(graph.output("logits").shape(), (Shape{2, 5, height, width}));
  }
}

TEST(Erfnet, WidthIsAFactorAndPicturesOfManyChannelsPassThrough) {
  EXPECT_EQ(erfnet(2, {{"width", "0.5"}}).tensors.at("encoder/3/0/a/3x1/weight").shape(), (Shape{64, 64, 3, 1}));
  const Model narrow = erfnet(2, {{"width", "0.125"}}, 7);
  EXPECT_EQ(narrow.tensors.at("encoder/1/down/weight").shape(), (Shape{1, 7, 3, 3}));
  EXPECT_EQ(narrow.tensors.at("encoder/1/down/scale").shape(), (Shape{8}));
}

TEST(Erfnet, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { erfnet(2, {{name, value}}); });
  };
  EXPECT_THAT(error("width", "0"), HasSubstr("erfnet: width is 0, expected a number above 0"));
  EXPECT_THAT(error("dropout", "0.1"), HasSubstr("erfnet: dropout has 1 numbers, expected two"));
  EXPECT_THAT(error("dropout", "0.1,1"), HasSubstr("erfnet: dropout is 1, expected 0 <= dropout < 1"));
}

}  // namespace
}  // namespace inlay
