#include "inlay/losses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/reference/reference_run.h"
#include "support/input_error.h"
#include "support/op_case.h"

namespace inlay {
namespace {

using testing::CaseInput;
using testing::Fill;
using ::testing::HasSubstr;
using testing::input_error;

/// Logits of `k` channels with everything that a loss can take.
struct Setting {
  explicit Setting(std::int64_t k)
      : inputs{{"logits", {DType::f32, {2, k, 3, 4}}},
               {"labels", {DType::u8, {2, 3, 4}}, Fill::labels, std::max<std::int64_t>(k, 2)},
               {"class_weights", {DType::f32, {std::max<std::int64_t>(k, 2)}}, Fill::positive},
               {"pixel_weights", {DType::f32, {2, 3, 4}}, Fill::positive}} {
    for (const CaseInput& input : inputs) {
      leaves.push_back(graph.add_leaf(LeafKind::input, input.name, input.type));
      numbers[input.name] = testing::draw(input, 5);
    }
  }
  double value(const Value& loss) const {
    EXPECT_EQ(loss.shape(), Shape{1});
    return reference_run(graph, numbers)[static_cast<std::size_t>(loss.id())].data[0];
  }
  Value make(std::string_view name) { return make_loss(name, leaves[0], leaves[1]); }

  std::vector<CaseInput> inputs;
  Graph graph;
  std::vector<Value> leaves;
  ReferenceValues numbers;
};

TEST(MakeLoss, KnowsItsNames) { EXPECT_THAT(loss_names(), ::testing::ElementsAre("cross_entropy", "bce", "dice")); }

TEST(MakeLoss, BuildsEachByName) {
  Setting many(3), one(1);
  EXPECT_EQ(many.value(many.make("cross_entropy")), many.value(cross_entropy(many.leaves[0], many.leaves[1])));
  EXPECT_EQ(many.value(many.make("dice")), many.value(dice_loss(many.leaves[0], many.leaves[1])));
  EXPECT_EQ(one.value(one.make("bce")), one.value(binary_cross_entropy(one.leaves[0], one.leaves[1])));
  EXPECT_EQ(one.value(one.make("dice")), one.value(dice_loss(one.leaves[0], one.leaves[1])));
  EXPECT_NE(many.value(many.make("cross_entropy")), many.value(many.make("dice")));
}

TEST(MakeLoss, AddsWeightedTerms) {
  Setting many(3), one(1);
  const double ce = many.value(many.make("cross_entropy")), dice = many.value(many.make("dice"));
  EXPECT_DOUBLE_EQ(many.value(many.make("cross_entropy+dice")), ce + dice);
  EXPECT_DOUBLE_EQ(many.value(many.make("cross_entropy + 0.5*dice")), ce + 0.5 * dice);
  EXPECT_DOUBLE_EQ(many.value(many.make(" 2 * cross_entropy+dice+dice ")), 2 * ce + 2 * dice);
  EXPECT_DOUBLE_EQ(one.value(one.make("bce+dice")), one.value(one.make("bce")) + one.value(one.make("dice")));
}

TEST(MakeLoss, PassesWeightsAndTheIgnoredLabelOn) {
  Setting s(3);
  const auto& l = s.leaves;
  EXPECT_EQ(s.value(make_loss("cross_entropy", l[0], l[1], l[2], l[3])),
            s.value(cross_entropy(l[0], l[1], l[2], l[3])));
  EXPECT_NE(s.value(make_loss("cross_entropy", l[0], l[1], l[2])), s.value(s.make("cross_entropy")));
  EXPECT_NE(s.value(make_loss("cross_entropy", l[0], l[1], {}, l[3])), s.value(s.make("cross_entropy")));
  for (double& label : s.numbers["labels"])
    if (label == 255) label = 2;
  for (const char* name : {"cross_entropy", "dice"})
    EXPECT_NE(s.value(make_loss(name, l[0], l[1], {}, {}, 2)), s.value(s.make(name))) << name;
  EXPECT_NO_THROW(make_loss("cross_entropy+dice", l[0], l[1], l[2], l[3])) << "dice simply takes no weights";
  Setting one(1);
  EXPECT_NE(one.value(make_loss("bce", one.leaves[0], one.leaves[1], one.leaves[2], one.leaves[3])),
            one.value(one.make("bce")));
}

TEST(MakeLoss, NamesItsNodesAndLeavesTheScope) {
  Setting s(3);
  s.graph.set_scope("elsewhere");
  s.make("cross_entropy+dice");
  EXPECT_EQ(s.graph.scope(), "elsewhere");
  ASSERT_FALSE(s.graph.nodes().empty());
  for (const auto& node : s.graph.nodes()) EXPECT_THAT(node->name, ::testing::StartsWith("loss/"));
}

TEST(MakeLoss, ExplainsWhatDoesNotWork) {
  Setting many(3), one(1);
  const auto error = [](Setting& s, std::string_view name) { return input_error([&] { s.make(name); }); };
  EXPECT_THAT(error(many, "cross_entropi"), HasSubstr("unknown loss 'cross_entropi', expected one of cross_entropy, "
                                                      "bce, dice, or a sum such as cross_entropy+0.5*dice; "
                                                      "did you mean 'cross_entropy'?"));
  EXPECT_THAT(error(many, ""), HasSubstr("unknown loss ''"));
  EXPECT_THAT(error(many, "dice+"), HasSubstr("unknown loss ''"));
  for (const char* weight : {"x*dice", "-1*dice", "0*dice", "nan*dice", "*dice", "1.5.5*dice"})
    EXPECT_THAT(error(many, weight), HasSubstr("is no positive number")) << weight;
  EXPECT_THAT(error(many, "bce"), HasSubstr("the net has 3: use cross_entropy or dice"));
  EXPECT_THAT(error(one, "cross_entropy"), HasSubstr("one output channel: use bce or dice"));
  EXPECT_THAT(input_error([&] { make_loss("dice", many.leaves[0], many.leaves[1], many.leaves[2]); }),
              HasSubstr("takes no class or pixel weights"));
  EXPECT_THAT(input_error([&] { make_loss("dice", many.leaves[1], many.leaves[1]); }),
              HasSubstr("the logits are u8 2x3x4, expected f32 with shape NxKxHxW"));
}

}  // namespace
}  // namespace inlay
