#include <gtest/gtest.h>

#include <cmath>

#include "compiler/autodiff.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

struct Loss {
  explicit Loss(std::int64_t width, bool weights = false) {
    const Value logits = graph.input("logits", {DType::f32, {1, 1, 1, width}});
    const Value labels = graph.input("labels", {DType::u8, {1, 1, width}});
    const Value of_class = weights ? graph.input("class_weights", {DType::f32, {2}}) : Value();
    const Value loss = binary_cross_entropy(logits, labels, of_class);
    graph.set_output("loss", loss);
    graph.set_output("dlogits", gradients(loss, std::vector{logits})[0]);
  }
  Graph graph;
};

TEST(BinaryCrossEntropy, IsTheWeightedMeanByHand) {
  const double l3 = std::log(3.0);  // sigmoid(ln 3) = 3/4
  both_ways(Loss(3, true).graph, {{"logits", {l3, l3, 7}}, {"labels", {0, 1, 255}}, {"class_weights", {1, 4}}},
            [](const Outputs& out) {
              EXPECT_NEAR(out.at("loss")[0], (1 * std::log(4.0) + 4 * std::log(4.0 / 3)) / 5, 1e-6);
              EXPECT_NEAR(out.at("dlogits")[0], 0.75 / 5, 1e-6);
              EXPECT_NEAR(out.at("dlogits")[1], -0.25 * 4 / 5, 1e-6);
              EXPECT_EQ(out.at("dlogits")[2], 0);
            });
}

TEST(BinaryCrossEntropy, IsZeroWhenNoPixelCounts) {
  both_ways(Loss(3).graph, {{"logits", {1, 2, 3}}, {"labels", {255, 2, 255}}}, [](const Outputs& out) {
    EXPECT_EQ(out.at("loss")[0], 0);
    for (double d : out.at("dlogits")) EXPECT_EQ(d, 0);
  });
}

TEST(BinaryCrossEntropy, SurvivesHugeLogits) {
  both_ways(Loss(4).graph, {{"logits", {1e4, 1e4, -1e4, -1e4}}, {"labels", {0, 1, 0, 1}}}, [](const Outputs& out) {
    EXPECT_NEAR(out.at("loss")[0], 5e3, 1e-2);
    EXPECT_NEAR(out.at("dlogits")[0], 0.25, 1e-6);
    EXPECT_NEAR(out.at("dlogits")[1], 0, 1e-6);
    EXPECT_NEAR(out.at("dlogits")[3], -0.25, 1e-6);
  });
}

TEST(BinaryCrossEntropy, SaysWhatDoesNotFit) {
  Graph g;
  const Value labels = g.input("labels", {DType::u8, {2, 4, 5}});
  EXPECT_EQ(input_error([&] {
              binary_cross_entropy(g.input("two", {DType::f32, {2, 2, 4, 5}}), labels);
            }),
            "binary_cross_entropy: logits is f32 2x2x4x5, expected 1 channel(s)");
  EXPECT_EQ(input_error([&] {
              binary_cross_entropy(g.input("x", {DType::f32, {2, 1, 4, 5}}), labels, g.input("w", {DType::f32, {1}}));
            }),
            "binary_cross_entropy: class weights is f32 1, expected f32 2");
}

}  // namespace
}  // namespace inlay::testing
