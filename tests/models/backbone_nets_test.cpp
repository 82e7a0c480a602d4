// deeplabv3 and fcn_resnet50 against what torchvision publishes of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/model.h"
#include "inlay/summary.h"
#include "support/input_error.h"
#include "support/network_graph.h"
#include "support/torchvision_names.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using Settings = std::map<std::string, std::string>;

std::int64_t parameters(std::string_view name, const Settings& settings = {}) {
  return summarise(network_graph(name, {.out_channels = 21, .settings = settings})).parameters;
}

/// The dilation of the convolution of that place.
std::int64_t dilation_at(const Graph& graph, const std::string& place) {
  for (const auto& node : graph.nodes())
    if (node->name == place + "/conv2d") {
      const Attribute* found = node->attributes.find("dilation");
      return found ? std::get<std::vector<std::int64_t>>(*found)[0] : 1;
    }
  throw std::runtime_error("no convolution at " + place);
}

TorchState resnet50_state() {
  TorchState state;
  add_resnet(state, "backbone.", {3, 4, 6, 3}, true);
  return state;
}

void add_fcn_head(TorchState& state, const std::string& name, std::int64_t in) {
  state.conv(name + ".0", in / 4, in, 3);
  state.norm(name + ".1", in / 4);
  state.conv(name + ".4", 21, in / 4, 1, true);
}

TEST(Deeplabv3, HasTorchvisionsParameters) {
  TorchState state = resnet50_state();
  for (std::int64_t i = 0; i < 4; ++i) {
    const std::string branch = "classifier.0.convs." + std::to_string(i);
    state.conv(branch + ".0", 256, 2048, i == 0 ? 1 : 3);
    state.norm(branch + ".1", 256);
  }
  state.conv("classifier.0.convs.4.1", 256, 2048, 1);
  state.norm("classifier.0.convs.4.2", 256);
  state.conv("classifier.0.project.0", 256, 5 * 256, 1);
  state.norm("classifier.0.project.1", 256);
  state.conv("classifier.1", 256, 256, 3);
  state.norm("classifier.2", 256);
  state.conv("classifier.4", 21, 256, 1, true);
  add_fcn_head(state, "aux_classifier", 1024);
  EXPECT_EQ(weights_of(network_graph("deeplabv3", {.out_channels = 21})), state.tensors());
  EXPECT_EQ(parameters("deeplabv3"), 42'004'074);
  EXPECT_EQ(parameters("deeplabv3", {{"aux", "off"}}), 42'004'074 - (1024 * 256 * 9 + 2 * 256 + 256 * 21 + 21));
}

TEST(FcnResnet50, HasTorchvisionsParameters) {
  TorchState state = resnet50_state();
  add_fcn_head(state, "classifier", 2048);
  add_fcn_head(state, "aux_classifier", 1024);
  EXPECT_EQ(weights_of(network_graph("fcn_resnet50", {.out_channels = 21})), state.tensors());
  EXPECT_EQ(parameters("fcn_resnet50"), 35'322'218);
}

TEST(Deeplabv3, SpreadsThePyramidByTheOutputStride) {
  const Graph fine = network_graph("deeplabv3"),
              coarse = network_graph("deeplabv3", {.settings = {{"output_stride", "16"}}});
  for (std::int64_t i = 1; i <= 3; ++i) {
    const std::string branch = "classifier/0/convs/" + std::to_string(i) + "/0";
    EXPECT_EQ(dilation_at(fine, branch), 12 * i);
    EXPECT_EQ(dilation_at(coarse, branch), 6 * i);
  }
  EXPECT_EQ(dilation_at(fine, "backbone/layer4/2/conv2"), 4);
  EXPECT_EQ(dilation_at(coarse, "backbone/layer4/2/conv2"), 2);
}

TEST(Deeplabv3, TakesAMultiGrid) {
  const Graph graph = network_graph("deeplabv3", {.settings = {{"output_stride", "16"}, {"multi_grid", "1,2,4"}}});
  EXPECT_EQ(dilation_at(graph, "backbone/layer4/2/conv2"), 8);
}

TEST(Deeplabv3, StandsOnEveryEncoder) {
  for (const char* encoder : {"resnet18", "resnet34", "resnet50", "mobilenet_v2", "vgg16_bn"})
    for (const char* output_stride : {"8", "16"}) {
      const ModelOptions options{.out_channels = 5,
                                 .settings = {{"encoder", encoder}, {"output_stride", output_stride}}};
      const Graph built = network_graph("deeplabv3", options);
      for (const Shape& image : {Shape{1, 3, 97, 61}, Shape{2, 3, 16, 33}}) {
        const Graph graph = instantiate(built, {{"image", image}}, true);
        EXPECT_EQ(graph.output("logits").shape(), (Shape{image[0], 5, image[2], image[3]}));
        EXPECT_EQ(graph.output("aux/stage4").shape(), graph.output("logits").shape());
      }
      const bool pools = std::string_view(encoder) == "vgg16_bn";
      EXPECT_EQ(kDeeplabv3.size(options), (SizeRule{.least = pools ? std::stol(output_stride) : 1})) << encoder;
    }
}

TEST(BackboneNets, HaveTheirSecondHeadInTrainingAlone) {
  for (const char* name : {"deeplabv3", "fcn_resnet50"}) {
    const Graph both = network_graph(name);
    EXPECT_EQ(instantiate(both, {}, true).outputs().size(), 2u);
    EXPECT_EQ(instantiate(both, {}).outputs().size(), 1u);
    const Graph single = network_graph(name, {.settings = {{"aux", "off"}}});
    EXPECT_EQ(instantiate(single, {}, true).outputs().size(), 1u);
    EXPECT_FALSE(single.find_leaf("aux_classifier/0/weight"));
  }
}

TEST(BackboneNets, DropAsTorchvisionDoes) {
  const auto probabilities = [](const char* name) {
    std::map<std::string, double> found;
    const Graph graph = network_graph(name, {.settings = {{"width", "0.125"}}});
    for (const auto& node : graph.nodes())
      if (node->op->name == "dropout") {
        const Attribute* p = node->attributes.find("probability");
        found[node->name] = p ? std::get<double>(*p) : 0.5;
      }
    return found;
  };
  EXPECT_EQ(probabilities("deeplabv3"), (std::map<std::string, double>{{"classifier/0/project/3/dropout", 0.5},
                                                                       {"aux_classifier/3/dropout", 0.1}}));
  EXPECT_EQ(probabilities("fcn_resnet50"),
            (std::map<std::string, double>{{"classifier/3/dropout", 0.1}, {"aux_classifier/3/dropout", 0.1}}));
}

TEST(Deeplabv3, RefusesSettingsOutOfRange) {
  const auto error = [](const Settings& settings) {
    return input_error([&] { create_model("deeplabv3", {.settings = settings}); });
  };
  EXPECT_THAT(error({{"output_stride", "32"}}), HasSubstr("deeplabv3: output_stride is 32, expected 8 or 16"));
  EXPECT_THAT(error({{"multi_grid", "1,2"}}), HasSubstr("deeplabv3: multi_grid has 2 numbers, expected one, or 3"));
  EXPECT_THAT(error({{"encoder", "resnet51"}}), HasSubstr("did you mean 'resnet50'?"));
  EXPECT_THAT(error({{"encoder", "none"}}), HasSubstr("deeplabv3: encoder is 'none', expected one of resnet18"));
  EXPECT_THAT(error({{"width", "9"}}), HasSubstr("deeplabv3: width is 9, expected a number above 0 and up to 8"));
}

}  // namespace
}  // namespace inlay::testing
