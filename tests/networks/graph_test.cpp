// What holds for the graph of every network, whatever is in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "inlay/summary.h"
#include "models/networks.h"
#include "support/networks/tested_networks.h"
#include "train/training_graph.h"

namespace inlay::testing {
namespace {

class EveryNetwork : public ::testing::TestWithParam<TestedNetwork> {};

/// Odd, prime, one pixel: as near as the net's rule allows.
std::vector<Shape> odd_sizes(const SizeRule& rule) {
  return {{2, 3, rule.fit(97), rule.fit(61)}, {1, 3, rule.fit(1), rule.fit(1)}, {1, 3, rule.fit(1), rule.fit(130)}};
}

Shape logits_shape(const Shape& image, std::int64_t classes, const SizeRule& rule) {
  return {image[0], classes, image[2] - 2 * rule.margin, image[3] - 2 * rule.margin};
}

TEST_P(EveryNetwork, GivesLogitsOfThePicturesSize) {
  for (std::int64_t classes : {1, 5}) {
    const Model model = GetParam().model(classes);
    for (const Shape& image : odd_sizes(model.info.size))
      for (const bool training : {false, true}) {
        const Graph graph = instantiate(model.graph, {{"image", image}}, training);
        EXPECT_NO_THROW(verify(graph));
        for (const GraphOutput& output : graph.outputs())
          EXPECT_EQ(output.value.shape(), logits_shape(image, classes, model.info.size)) << output.name;
      }
  }
}

TEST_P(EveryNetwork, ReadsAnyNumberOfChannels) {
  for (std::int64_t channels : {1, 7}) {
    const Model model =
        create_model(GetParam().network, {.in_channels = channels, .out_channels = 2, .settings = GetParam().settings});
    EXPECT_EQ(model.in_channels(), channels);
    EXPECT_EQ(model.out_channels(), 2);
  }
}

TEST_P(EveryNetwork, IsTheSameGraphAtEverySize) {
  const TestedNetwork& tested = GetParam();
  const ModelOptions options{.out_channels = 4, .settings = tested.settings};
  const Model model = create_model(tested.network, options);
  const auto found = std::ranges::find(networks(), tested.network, &Network::name);
  ASSERT_NE(found, networks().end());
  for (const Shape& image : odd_sizes(model.info.size)) {
    Graph fresh;
    fresh.set_output("logits", (*found)->build(Scope(fresh), fresh.input("image", {DType::f32, image}), options));
    for (const bool training : {false, true})
      EXPECT_EQ(to_string(instantiate(model.graph, {{"image", image}}, training)),
                to_string(instantiate(fresh, {}, training)));
  }
}

TEST_P(EveryNetwork, NamesItsParametersByPlace) {
  const Model model = GetParam().model();
  std::set<std::string> names;
  for (const Value& leaf : model.graph.leaves()) {
    EXPECT_TRUE(names.insert(leaf.name()).second) << leaf.name();
    EXPECT_THAT(leaf.name(), ::testing::MatchesRegex("[a-z0-9_]+(/[a-z0-9_]+)*"));
    if (leaf.leaf()->kind == LeafKind::input) continue;
    ASSERT_TRUE(model.tensors.contains(leaf.name())) << leaf.name();
    EXPECT_EQ(model.tensors.at(leaf.name()).shape(), leaf.shape()) << leaf.name();
  }
  EXPECT_EQ(model.tensors.size() + 1, names.size());
  for (const auto& node : model.graph.nodes()) EXPECT_THAT(node->name, ::testing::HasSubstr("/")) << "in no scope";
}

TEST_P(EveryNetwork, StartsFromTheSeed) {
  const Model one = GetParam().model(3, 1), same = GetParam().model(3, 1), other = GetParam().model(3, 2);
  bool differs = false;
  for (const auto& [name, tensor] : one.tensors) {
    EXPECT_TRUE(std::ranges::equal(tensor.data<float>(), same.tensors.at(name).data<float>())) << name;
    differs |= !std::ranges::equal(tensor.data<float>(), other.tensors.at(name).data<float>());
  }
  EXPECT_TRUE(differs);
}

TEST_P(EveryNetwork, TrainsAllItsParameters) {
  const Model model = GetParam().model();
  const Shape image{2, 3, model.info.size.fit(40), model.info.size.fit(56)};
  const TrainingGraph step = make_training_graph(model.graph, image, {.name = "auto"}, model.info.size.margin);
  EXPECT_NO_THROW(verify(step.graph));
  std::set<std::string> reached;
  for (const auto& slot : step.gradients.slots) reached.insert(slot.name.substr(kGradientPrefix.size()));
  for (const auto& slot : step.parameters.slots) EXPECT_TRUE(reached.contains(slot.name)) << slot.name;
}

TEST_P(EveryNetwork, CanBeSummarised) {
  const Model model = GetParam().model();
  const Summary summary = summarise(model.graph);
  EXPECT_GT(summary.parameters, 0);
  EXPECT_GT(summary.multiply_adds, 0);
  EXPECT_GE(summary.receptive_field_h, 1);
}

INSTANTIATE_TEST_SUITE_P(Networks, EveryNetwork, ::testing::ValuesIn(tested_networks()),
                         [](const auto& instance) { return instance.param.name; });

TEST(TestedNetworks, AreAllThereAre) {
  std::set<std::string, std::less<>> known, tested;
  for (const Architecture& architecture : architectures()) known.emplace(architecture.name);
  for (const TestedNetwork& entry : tested_networks()) tested.insert(entry.network);
  EXPECT_EQ(tested, known);
}

}  // namespace
}  // namespace inlay::testing
