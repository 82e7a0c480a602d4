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

TEST(MakeLoss, KnowsItsNames) {
  EXPECT_THAT(loss_names(),
              ::testing::ElementsAre("cross_entropy", "bce", "dice", "focal", "tversky", "lovasz", "ohem"));
}

TEST(MakeLoss, BuildsEachByName) {
  Setting many(3), one(1);
  EXPECT_EQ(many.value(many.make("cross_entropy")), many.value(cross_entropy(many.leaves[0], many.leaves[1])));
  EXPECT_EQ(many.value(many.make("dice")), many.value(dice_loss(many.leaves[0], many.leaves[1])));
  EXPECT_EQ(one.value(one.make("bce")), one.value(binary_cross_entropy(one.leaves[0], one.leaves[1])));
  EXPECT_EQ(one.value(one.make("dice")), one.value(dice_loss(one.leaves[0], one.leaves[1])));
  EXPECT_NE(many.value(many.make("cross_entropy")), many.value(many.make("dice")));
}

TEST(MakeLoss, BuildsTheOthersForOneAndForManyOutputs) {
  for (const std::int64_t k : {1, 3}) {
    Setting s(k);
    const auto& l = s.leaves;
    EXPECT_EQ(s.value(s.make("focal")), s.value(focal_loss(l[0], l[1])));
    EXPECT_EQ(s.value(s.make("tversky")), s.value(tversky_loss(l[0], l[1])));
    EXPECT_EQ(s.value(s.make("lovasz")), s.value(lovasz_loss(l[0], l[1])));
    const auto entropy = k == 1 ? binary_cross_entropy : cross_entropy;
    EXPECT_EQ(s.value(s.make("ohem")), s.value(entropy(l[0], l[1], {}, hard_pixels(l[0], l[1]), {})));
  }
}

TEST(MakeLoss, TakesParameters) {
  Setting s(3);
  const auto& l = s.leaves;
  EXPECT_EQ(s.value(s.make("focal:gamma=3")), s.value(focal_loss(l[0], l[1], {}, {}, {.gamma = 3})));
  EXPECT_EQ(s.value(s.make("tversky : alpha = 0.2 , beta = 1e0")),
            s.value(tversky_loss(l[0], l[1], {.alpha = 0.2, .beta = 1})));
  EXPECT_EQ(s.value(s.make("lovasz:per_image=true")), s.value(lovasz_loss(l[0], l[1], {.per_image = true})));
  EXPECT_EQ(s.value(s.make("lovasz:per_image=1")), s.value(s.make("lovasz:per_image=true")));
  EXPECT_NE(s.value(s.make("lovasz:per_image=true")), s.value(s.make("lovasz")));
  EXPECT_NE(s.value(s.make("ohem:threshold=0,keep=0.1")), s.value(s.make("ohem:threshold=0,keep=0.9")));
  EXPECT_DOUBLE_EQ(
      s.value(s.make("cross_entropy+0.5*focal:gamma=1+lovasz")),
      s.value(s.make("cross_entropy")) + 0.5 * s.value(s.make("focal:gamma=1")) + s.value(s.make("lovasz")));
}

TEST(MakeLoss, FocalWithoutFocusIsCrossEntropyAndEvenTverskyIsDice) {
  for (const std::int64_t k : {1, 3}) {
    Setting s(k);
    EXPECT_NEAR(s.value(s.make("focal:gamma=0")), s.value(s.make(k == 1 ? "bce" : "cross_entropy")), 1e-12);
    EXPECT_NEAR(s.value(s.make("tversky:alpha=0.5,beta=0.5")), s.value(s.make("dice")), 1e-12);
    EXPECT_NEAR(s.value(s.make("ohem:threshold=1,keep=0")), s.value(s.make("focal:gamma=0")), 1e-12);
  }
}

TEST(MakeLoss, SmoothsLabels) {
  for (const std::int64_t k : {1, 3}) {
    Setting s(k);
    const auto& l = s.leaves;
    const auto smoothed = [&](std::string_view name) {
      return s.value(make_loss(name, l[0], l[1], l[2], l[3], {.label_smoothing = 0.1}));
    };
    const auto focal = [&](double gamma) {
      return s.value(focal_loss(l[0], l[1], l[2], l[3], {.gamma = gamma, .smoothing = 0.1}));
    };
    EXPECT_EQ(smoothed(k == 1 ? "bce" : "cross_entropy"), focal(0));
    EXPECT_EQ(smoothed("focal"), focal(2));
    EXPECT_NEAR(smoothed("ohem:threshold=1"), focal(0), 1e-12);
    EXPECT_DOUBLE_EQ(smoothed("focal+dice"), focal(2) + s.value(s.make("dice"))) << "dice simply takes none";
  }
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
  for (const char* name : {"cross_entropy", "dice", "focal", "tversky", "lovasz", "ohem"})
    EXPECT_NE(s.value(make_loss(name, l[0], l[1], {}, {}, {.ignore = 2})), s.value(s.make(name))) << name;
  EXPECT_NO_THROW(make_loss("cross_entropy+dice", l[0], l[1], l[2], l[3])) << "dice simply takes no weights";
  for (const char* name : {"focal", "ohem"})
    EXPECT_NE(s.value(make_loss(name, l[0], l[1], l[2], l[3])), s.value(s.make(name))) << name;
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
  EXPECT_THAT(error(many, "cross_entropi"),
              HasSubstr("unknown loss 'cross_entropi', expected one of cross_entropy, "
                        "bce, dice, focal, tversky, lovasz, ohem, or a sum such as cross_entropy+0.5*dice; "
                        "did you mean 'cross_entropy'?"));
  EXPECT_THAT(error(many, ""), HasSubstr("unknown loss ''"));
  EXPECT_THAT(error(many, "dice+"), HasSubstr("unknown loss ''"));
  for (const char* weight : {"x*dice", "-1*dice", "0*dice", "nan*dice", "*dice", "1.5.5*dice"})
    EXPECT_THAT(error(many, weight), HasSubstr("is no positive number")) << weight;
  EXPECT_THAT(error(many, "bce"), HasSubstr("the net has 3: use cross_entropy or dice"));
  EXPECT_THAT(error(one, "cross_entropy"), HasSubstr("one output channel: use bce or dice"));
  EXPECT_THAT(error(many, "focal:gama=2"), HasSubstr("loss 'focal' has no parameter 'gama'; it is focal:gamma=2"));
  EXPECT_THAT(error(many, "dice:alpha=2"), HasSubstr("loss 'dice' has no parameter 'alpha'; it has none at all"));
  EXPECT_THAT(error(many, "tversky:alpha"),
              HasSubstr("loss 'tversky:alpha': 'alpha' is no parameter; expected name=value, as in focal:gamma=3"));
  EXPECT_THAT(error(many, "focal:"), HasSubstr("'' is no parameter"));
  EXPECT_THAT(error(many, "tversky:alpha=low"),
              HasSubstr("loss 'tversky': alpha is 'low', expected a number, as in tversky:alpha=0.3,beta=0.7"));
  EXPECT_THAT(error(many, "focal:gamma=11"), HasSubstr("gamma is 11, expected 0 to 10"));
  EXPECT_THAT(error(many, "ohem:keep=2"), HasSubstr("keep is 2, expected 0 to 1"));
  EXPECT_THAT(error(many, "ohem:threshold=-1"), HasSubstr("threshold is -1, expected 0 to 1"));
  EXPECT_THAT(error(many, "tversky:beta=-1"), HasSubstr("beta is -1, expected 0 or more"));
  EXPECT_THAT(error(many, "tversky:alpha=0,beta=0"), HasSubstr("alpha and beta are 0"));
  const auto smoothing = [&](std::string_view name, double value) {
    return input_error([&] { make_loss(name, many.leaves[0], many.leaves[1], {}, {}, {.label_smoothing = value}); });
  };
  EXPECT_THAT(smoothing("dice", 0.1), HasSubstr("loss 'dice' takes no label smoothing"));
  EXPECT_THAT(smoothing("focal", 1), HasSubstr("the label smoothing is 1, expected 0 or more and below 1"));
  EXPECT_THAT(input_error([&] { make_loss("dice", many.leaves[0], many.leaves[1], many.leaves[2]); }),
              HasSubstr("takes no class or pixel weights"));
  EXPECT_THAT(input_error([&] { make_loss("dice", many.leaves[1], many.leaves[1]); }),
              HasSubstr("the logits are u8 2x3x4, expected f32 with shape NxKxHxW"));
}

}  // namespace
}  // namespace inlay
