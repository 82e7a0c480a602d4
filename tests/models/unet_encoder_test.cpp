#include "models/unet_encoder.h"

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

Graph unet_on(const std::string& encoder, Settings settings = {}, std::int64_t classes = 1) {
  settings["encoder"] = encoder;
  return network_graph("unet", {.out_channels = classes, .settings = settings});
}

/// segmentation_models.pytorch's decoder for the channels of the encoder's maps, fine to coarse.
void add_decoder(TorchState& state, std::array<std::int64_t, 5> encoder, std::int64_t classes) {
  std::int64_t in = encoder[4];
  for (std::size_t i = 0; i < 5; ++i) {
    const std::string block = "decoder.blocks." + std::to_string(i);
    const std::int64_t out = 256 >> i, skip = i < 4 ? encoder[3 - i] : 0;
    state.conv(block + ".conv1.0", out, in + skip, 3);
    state.norm(block + ".conv1.1", out);
    state.conv(block + ".conv2.0", out, out, 3);
    state.norm(block + ".conv2.1", out);
    in = out;
  }
  state.conv("segmentation_head.0", classes, 16, 3, true);
}

TEST(UnetOnEncoder, HasTheParametersOfSegmentationModels) {
  const Graph graph = unet_on("resnet34", {{"up", "nearest"}});
  TorchState state;
  add_resnet(state, "encoder.", {3, 4, 6, 3}, false);
  add_decoder(state, {64, 64, 128, 256, 512}, 1);
  EXPECT_EQ(weights_of(graph), state.tensors());
  EXPECT_EQ(summarise(graph).parameters, 24'436'369);

  TorchState mobile;
  add_mobilenet_v2(mobile, "encoder.");
  add_decoder(mobile, {16, 24, 32, 96, 1280}, 3);
  const Graph small = unet_on("mobilenet_v2", {{"up", "nearest"}}, 3);
  EXPECT_EQ(weights_of(small), mobile.tensors());
  EXPECT_EQ(summarise(small).parameters, 6'629'235);

  TorchState vgg;
  add_vgg16_bn(vgg, "encoder.");
  for (const char* layer : {"decoder.center.0", "decoder.center.1"}) {
    vgg.conv(std::string(layer) + ".0", 512, 512, 3);
    vgg.norm(std::string(layer) + ".1", 512);
  }
  add_decoder(vgg, {128, 256, 512, 512, 512}, 3);
  const Graph large = unet_on("vgg16_bn", {{"up", "nearest"}}, 3);
  EXPECT_EQ(weights_of(large), vgg.tensors());
  EXPECT_EQ(summarise(large).parameters, 23'756'979);
}

TEST(UnetOnEncoder, WorksAtEverySizeDivisibleByThirtyTwo) {
  for (const char* encoder : {"resnet18", "resnet34", "resnet50", "mobilenet_v2", "vgg16_bn"}) {
    const Graph built = unet_on(encoder, {{"width", "4"}}, 5);
    for (const Shape& image : {Shape{1, 3, 32, 32}, Shape{2, 3, 96, 64}})
      EXPECT_EQ(instantiate(built, {{"image", image}}, true).output("logits").shape(),
                (Shape{image[0], 5, image[2], image[3]}));
  }
}

TEST(UnetOnEncoder, SaysWhichSizesItTakes) {
  EXPECT_EQ(kUnet.size({.settings = {{"encoder", "resnet18"}}}), SizeRule{.multiple = 32});
}

TEST(UnetOnEncoder, UsesTheUpSamplerThatWasAskedFor) {
  const auto count = [](const char* up, std::string_view op) {
    std::int64_t found = 0;
    const Graph graph = unet_on("resnet18", {{"up", up}});
    for (const auto& node : graph.nodes()) found += node->op->name == op ? 1 : 0;
    return found;
  };
  EXPECT_EQ(count("transposed", "conv_transpose2d"), 5);
  EXPECT_EQ(count("nails", "bed_of_nails2d"), 5);
  EXPECT_EQ(count("resize_conv", "pad"), 5);
  for (const char* mode : {"nearest", "bilinear", "bicubic"}) EXPECT_EQ(count(mode, "resize2d"), 5);
  const Graph transposed = unet_on("resnet18");
  EXPECT_EQ(transposed.find_leaf("decoder/blocks/0/up/weight").shape(), (Shape{512, 256, 2, 2}));
  EXPECT_EQ(transposed.find_leaf("decoder/blocks/0/conv1/0/weight").shape(), (Shape{256, 256 + 256, 3, 3}));
}

TEST(UnetOnEncoder, TakesTheOtherSettings) {
  EXPECT_EQ(unet_on("resnet18", {{"width", "32"}}).find_leaf("segmentation_head/0/weight").shape()[1], 32);
  const Graph bare = unet_on("resnet18", {{"batch_norm", "off"}});
  EXPECT_TRUE(bare.find_leaf("decoder/blocks/0/conv1/0/bias"));
  EXPECT_FALSE(bare.find_leaf("decoder/blocks/0/conv1/1/scale"));
  EXPECT_TRUE(bare.find_leaf("encoder/bn1/scale")) << "the encoder is as it is";
  std::vector<std::string> drops;
  const Graph dropping = unet_on("resnet18", {{"dropout", "0,0.1,0,0,0.2"}});
  for (const auto& node : dropping.nodes())
    if (node->op->name == "dropout") drops.push_back(node->name);
  EXPECT_THAT(drops, ::testing::ElementsAre("decoder/blocks/0/dropout", "decoder/blocks/3/dropout"));
}

TEST(UnetOnEncoder, RefusesWhatAnEncoderCannotHave) {
  const auto error = [](const Settings& settings) { return input_error([&] { unet_on("resnet18", settings); }); };
  EXPECT_THAT(error({{"depth", "4"}}), HasSubstr("unet: encoder=resnet18 has 5 levels of its own; leave depth out"));
  EXPECT_THAT(error({{"up", "unpool"}}),
              HasSubstr("unet: up=unpool needs the positions that max-pools found; encoder=resnet18 has none"));
  EXPECT_THAT(error({{"dropout", "0.1,0.2"}}), HasSubstr("unet: dropout has 2 numbers, expected one, or 5"));
  EXPECT_THAT(error({{"width", "0"}}), HasSubstr("unet: width is 0, expected 1 to 1024"));
  EXPECT_THAT(input_error([] { unet_on("resnet19"); }),
              HasSubstr("unet: encoder is 'resnet19', expected none or one of resnet18, resnet34, resnet50, "
                        "mobilenet_v2, vgg16_bn; did you mean 'resnet18'?"));
}

}  // namespace
}  // namespace inlay::testing
