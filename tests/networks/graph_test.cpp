// What holds for the graph of every network, whatever is in it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "inlay/summary.h"
#include "support/networks/tested_networks.h"
#include "train/training_graph.h"

namespace inlay::testing {
namespace {

class EveryNetwork : public ::testing::TestWithParam<TestedNetwork> {
 protected:
  const TestedNetwork& net() const { return GetParam(); }
  /// Odd, prime, one pixel: as near as the net's rule allows.
  std::vector<Shape> odd_sizes() const {
    const SizeRule rule = net().size();
    return {{2, 3, rule.fit(97), rule.fit(61)}, {1, 3, rule.fit(1), rule.fit(1)}, {1, 3, rule.fit(1), rule.fit(130)}};
  }
};

TEST_P(EveryNetwork, GivesLogitsOfThePicturesSize) {
  for (const std::int64_t classes : {1, 5})
    for (const Shape& image : odd_sizes()) {
      const Graph graph = net().graph(image, classes);
      EXPECT_NO_THROW(verify(graph));
      const std::int64_t lost = 2 * net().size().margin;
      for (const GraphOutput& output : graph.outputs())
        EXPECT_EQ(output.value.shape(), (Shape{image[0], classes, image[2] - lost, image[3] - lost})) << output.name;
    }
}

TEST_P(EveryNetwork, ReadsAnyNumberOfChannels) {
  const std::int64_t side = net().size().fit(40);
  for (const std::int64_t channels : {1, 7}) EXPECT_NO_THROW(verify(net().graph({1, channels, side, side})));
}

TEST_P(EveryNetwork, IsTheSameGraphAtEverySize) {
  const std::int64_t side = net().size().fit(128);
  const Graph graph = net().graph({1, 3, side, side});
  for (const Shape& image : odd_sizes())
    for (const bool training : {false, true})
      EXPECT_EQ(to_string(instantiate(graph, {{"image", image}}, training)),
                to_string(instantiate(net().graph(image), {}, training)));
}

TEST_P(EveryNetwork, NamesItsParametersByPlace) {
  const Graph graph = net().graph(odd_sizes()[0]);
  std::set<std::string> names;
  for (const Value& leaf : graph.leaves()) {
    EXPECT_TRUE(names.insert(leaf.name()).second) << leaf.name();
    EXPECT_THAT(leaf.name(), ::testing::MatchesRegex("[a-z0-9_]+(/[a-z0-9_]+)*"));
  }
  for (const auto& node : graph.nodes()) EXPECT_THAT(node->name, ::testing::HasSubstr("/")) << "in no scope";
}

TEST_P(EveryNetwork, TrainsAllItsParameters) {
  const Shape image{2, 3, net().size().fit(40), net().size().fit(56)};
  const TrainingGraph step = make_training_graph(net().graph(image), image, {.name = "auto"}, net().size().margin);
  EXPECT_NO_THROW(verify(step.graph));
  std::set<std::string> reached;
  for (const GraphOutput& output : step.graph.outputs()) reached.insert(output.name);
  for (const auto& slot : step.parameters.slots)
    EXPECT_TRUE(reached.contains(std::string(kGradientPrefix) + slot.name)) << slot.name;
}

TEST_P(EveryNetwork, CanBeSummarised) {
  const Summary summary = summarise(net().graph(odd_sizes()[0]));
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
