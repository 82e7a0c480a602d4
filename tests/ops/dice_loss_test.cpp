#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

Graph dice(std::int64_t classes, std::int64_t width) {
  Graph graph;
  const Value logits = graph.input("logits", {DType::f32, {1, classes, 1, width}});
  const Value loss = dice_loss(logits, graph.input("labels", {DType::u8, {1, 1, width}}));
  graph.set_output("loss", loss);
  graph.set_output("dlogits", gradients(loss, std::vector{logits})[0]);
  return graph;
}

TEST(DiceLoss, IsNearZeroForAPerfectPrediction) {
  both_ways(dice(2, 3), {{"logits", {90, -90, 90, -90, 90, -90}}, {"labels", {0, 1, 0}}},
            [](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], 0, 1e-6); });
  both_ways(dice(1, 3), {{"logits", {90, -90, 90}}, {"labels", {1, 0, 1}}},
            [](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], 0, 1e-6); });
}

TEST(DiceLoss, IsTheFormulaByHand) {
  // p = 1/2 everywhere. Class 0: 2 * 1 + 1 over 1.5 + 2 + 1; class 1: 2 * 0.5 + 1 over 1.5 + 1 + 1.
  both_ways(dice(2, 3), {{"logits", {0, 0, 0, 0, 0, 0}}, {"labels", {0, 1, 0}}},
            [](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], 1 - (3 / 4.5 + 2 / 3.5) / 2, 1e-6); });
}

TEST(DiceLoss, IgnoredPixelsCountNowhere) {
  const auto of_two = by_reference(dice(2, 2), {{"logits", {1, 2, 3, 4}}, {"labels", {0, 1}}});
  both_ways(dice(2, 3), {{"logits", {1, 2, 50, 3, 4, -7}}, {"labels", {0, 1, 255}}}, [&](const Outputs& out) {
    EXPECT_NEAR(out.at("loss")[0], of_two.at("loss")[0], 1e-6);
    EXPECT_EQ(out.at("dlogits")[2], 0);
    EXPECT_EQ(out.at("dlogits")[5], 0);
  });
}

TEST(DiceLoss, IsZeroWhenNoPixelCounts) {
  both_ways(dice(2, 2), {{"logits", {1, 2, 3, 4}}, {"labels", {255, 255}}}, [](const Outputs& out) {
    EXPECT_EQ(out.at("loss")[0], 0);
    for (double d : out.at("dlogits")) EXPECT_EQ(d, 0);
  });
}

TEST(DiceLoss, SaysWhatDoesNotFit) {
  Graph g;
  const Value labels = g.input("labels", {DType::u8, {1, 1, 2}});
  EXPECT_EQ(input_error([&] {
              dice_loss(g.input("x", {DType::f32, {4}}), labels);
            }),
            "dice_loss: logits is f32 4, expected f32 with shape NxCxHxW");
}

TEST(OneHot, SaysWhatDoesNotFit) {
  Graph g;
  EXPECT_EQ(input_error([&] {
              one_hot(g.input("x", {DType::u8, {4}}), 2);
            }),
            "one_hot: labels is u8 4, expected u8 with shape NxHxW");
  EXPECT_EQ(input_error([&] {
              one_hot(g.input("y", {DType::u8, {1, 2, 2}}), 0);
            }),
            "one_hot: classes is 0, expected 1 to 256");
  EXPECT_EQ(input_error([&] {
              one_hot(g.input("z", {DType::u8, {1, 2, 2}}), 257);
            }),
            "one_hot: classes is 257, expected 1 to 256");
}

}  // namespace
}  // namespace inlay::testing
