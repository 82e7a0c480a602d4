// Files of other programs, which are made up from how those build their networks, find their places by the built-in
// maps.
#include "models/weights/built_in_maps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/networks.h"
#include "models/weights/weight_plan.h"
#include "support/published_weights.h"

namespace inlay::testing {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;

Graph graph_of(std::string_view network, const std::map<std::string, std::string>& settings = {},
               std::int64_t classes = 21) {
  const ModelOptions options{.out_channels = classes, .settings = settings};
  const auto found = std::ranges::find(networks(), network, &Network::name);
  Graph graph;
  const Value image = graph.input("image", {DType::f32, {1, 3, 64, 64}});
  graph.set_output("logits", (*found)->build(Scope(graph), image, options));
  return graph;
}

WeightMap map_named(std::string_view name) {
  const auto found = std::ranges::find(built_in_maps(), name, &BuiltInMap::name);
  return parse_weight_map(found->text, name);
}

/// By the only map that fits; fails unless it is `map`.
WeightPlan plan_by(std::string_view map, const Graph& graph, const WeightFile& file) {
  std::vector<std::string_view> fitting;
  for (const BuiltInMap& built_in : built_in_maps())
    if (plan_weights(graph, file, map_named(built_in.name)).problems.empty()) fitting.push_back(built_in.name);
  EXPECT_THAT(fitting, ElementsAre(map));
  WeightPlan plan = plan_weights(graph, file, map_named(map));
  EXPECT_THAT(plan.problems, IsEmpty());
  return plan;
}

/// Each of our tensors with the one of the file that went there.
void expect_pairs(const WeightPlan& plan, const WeightFile& file,
                  const std::vector<std::pair<std::string, std::string>>& pairs) {
  for (const auto& [ours, theirs] : pairs) {
    ASSERT_TRUE(plan.numbers.contains(ours)) << ours;
    EXPECT_EQ(plan.numbers.at(ours).raw(), file.at(theirs).numbers.raw()) << ours;
  }
}

TEST(BuiltInMaps, Espnet) {
  const WeightFile file = espnet_weights(20, 1, 3);
  const WeightPlan plan = plan_by("espnet", graph_of("espnet", {{"p", "1"}, {"q", "3"}}, 20), file);
  EXPECT_THAT(plan.fresh, IsEmpty());
  EXPECT_THAT(plan.dropped, Each(EndsWith(".num_batches_tracked")));
  expect_pairs(plan, file,
               {{"level1/slope", "encoder.level1.act.weight"},
                {"level3/join/running_variance", "encoder.b3.bn.running_var"},
                {"level2/down/d16/weight", "encoder.level2_0.d16.conv.weight"},
                {"level3/2/reduce/weight", "encoder.level3.2.c1.conv.weight"},
                {"level2/0/shift", "encoder.level2.0.bn.bn.bias"},
                {"project3/weight", "encoder.classifier.conv.weight"},
                {"project3/running_mean", "br.running_mean"},
                {"project2/weight", "level3_C.conv.weight"},
                {"merge2/join/slope", "combine_l2_l3.0.act.weight"},
                {"merge2/d4/weight", "combine_l2_l3.1.d4.conv.weight"},
                {"merge2/scale", "combine_l2_l3.1.bn.bn.weight"},
                {"up3/weight", "up_l3.0.weight"},
                {"up2/weight", "up_l2.0.weight"},
                {"merge1/weight", "conv.conv.weight"},
                {"head/weight", "classifier.weight"}});
  EXPECT_EQ(map_named("espnet").channel_order, ChannelOrder::bgr);
}

class EncoderMap : public ::testing::TestWithParam<const char*> {};

TEST_P(EncoderMap, FillsTheEncoderAndLeavesTheRestFresh) {
  const WeightFile file = torchvision_classifier(GetParam());
  for (const char* network : {"unet", "deeplabv3"}) {
    const WeightPlan plan = plan_by("torchvision_encoder", graph_of(network, {{"encoder", GetParam()}}), file);
    EXPECT_THAT(plan.dropped, Each(MatchesRegex("(fc|classifier)\\..*|.*\\.num_batches_tracked")));
    EXPECT_THAT(plan.fresh, Not(IsEmpty()));
    EXPECT_THAT(plan.fresh, Each(Not(MatchesRegex("(encoder|backbone)/.*"))));
    EXPECT_EQ(plan.numbers.size() + plan.dropped.size(), file.size());
  }
}

INSTANTIATE_TEST_SUITE_P(BuiltInMaps, EncoderMap,
                         ::testing::Values("resnet18", "resnet34", "resnet50", "mobilenet_v2", "vgg16_bn"),
                         [](const auto& instance) { return std::string(instance.param); });

TEST(BuiltInMaps, EncodersGoToTheirNames) {
  WeightFile file = torchvision_classifier("resnet18");
  expect_pairs(plan_by("torchvision_encoder", graph_of("unet", {{"encoder", "resnet18"}}), file), file,
               {{"encoder/conv1/weight", "conv1.weight"},
                {"encoder/layer2/0/downsample/1/scale", "layer2.0.downsample.1.weight"},
                {"encoder/layer4/1/bn2/running_variance", "layer4.1.bn2.running_var"}});
  file = torchvision_classifier("mobilenet_v2");
  expect_pairs(plan_by("torchvision_encoder", graph_of("deeplabv3", {{"encoder", "mobilenet_v2"}}), file), file,
               {{"backbone/features/1/conv/2/shift", "features.1.conv.2.bias"},
                {"backbone/features/17/conv/3/running_mean", "features.17.conv.3.running_mean"}});
}

TEST(BuiltInMaps, TorchvisionsSegmentationNets) {
  for (const auto& [ours, theirs] : {std::pair{"fcn_resnet50", "fcn_resnet50"}, {"deeplabv3", "deeplabv3_resnet50"}}) {
    const WeightFile file = torchvision_segmentation(theirs);
    const WeightPlan plan = plan_by("torchvision", graph_of(ours), file);
    EXPECT_THAT(plan.fresh, IsEmpty());
    expect_pairs(plan, file,
                 {{"backbone/layer3/5/conv3/weight", "backbone.layer3.5.conv3.weight"},
                  {"backbone/layer1/0/bn3/scale", "backbone.layer1.0.bn3.weight"},
                  {"classifier/4/bias", "classifier.4.bias"},
                  {"aux_classifier/1/running_variance", "aux_classifier.1.running_var"}});
  }
}

TEST(BuiltInMaps, UnetOfSegmentationModels) {
  const WeightFile file = smp_unet_resnet34();
  const WeightPlan plan = plan_by("torchvision", graph_of("unet", {{"encoder", "resnet34"}, {"up", "nearest"}}), file);
  EXPECT_THAT(plan.fresh, IsEmpty());
  expect_pairs(plan, file,
               {{"decoder/blocks/4/conv2/1/scale", "decoder.blocks.4.conv2.1.weight"},
                {"segmentation_head/0/bias", "segmentation_head.0.bias"}});
}

TEST(BuiltInMaps, Vgg16BecomesFullyConvolutional) {
  const WeightFile file = torchvision_classifier("vgg16");
  for (const char* network : {"fcn32s", "fcn16s", "fcn8s"}) {
    const WeightPlan plan = plan_by("torchvision_vgg16", graph_of(network), file);
    EXPECT_THAT(plan.dropped, ElementsAre("classifier.6.bias", "classifier.6.weight"));
    EXPECT_THAT(plan.fresh, Each(MatchesRegex("(score|up).*")));
    expect_pairs(plan, file,
                 {{"conv1/2/bias", "features.2.bias"},
                  {"conv4/1/weight", "features.17.weight"},
                  {"conv5/3/weight", "features.28.weight"},
                  {"fc6/weight", "classifier.0.weight"},
                  {"fc7/bias", "classifier.3.bias"}});
    EXPECT_EQ(plan.numbers.at("fc6/weight").shape(), (Shape{4096, 512, 7, 7}));
  }
}

TEST(BuiltInMaps, AreWellFormedAndSetNothingOfTheNetwork) {
  for (const BuiltInMap& map : built_in_maps()) {
    const WeightMap parsed = parse_weight_map(map.text, map.name);
    EXPECT_FALSE(parsed.rules.empty()) << map.name;
    EXPECT_FALSE(map.about.empty()) << map.name;
    EXPECT_TRUE(parsed.settings.empty() && !parsed.channels && !parsed.classes) << map.name;
  }
}

}  // namespace
}  // namespace inlay::testing
