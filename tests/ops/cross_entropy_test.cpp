#include <gtest/gtest.h>

#include <cmath>

#include "compiler/autodiff.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

/// loss and dlogits of cross_entropy on (1, classes, 1, width).
struct Loss {
  Loss(std::int64_t classes, std::int64_t width, bool class_weights = false, bool pixel_weights = false,
       LossOptions o = {}) {
    const Value logits = graph.input("logits", {DType::f32, {1, classes, 1, width}});
    const Value labels = graph.input("labels", {DType::u8, {1, 1, width}});
    const Value of_class = class_weights ? graph.input("class_weights", {DType::f32, {classes}}) : Value();
    const Value of_pixel = pixel_weights ? graph.input("pixel_weights", {DType::f32, {1, 1, width}}) : Value();
    const Value loss = cross_entropy(logits, labels, of_class, of_pixel, o);
    graph.set_output("loss", loss);
    graph.set_output("dlogits", gradients(loss, std::vector{logits})[0]);
  }
  Graph graph;
};

TEST(CrossEntropy, IsTheWeightedMeanByHand) {
  const Loss loss(2, 3, true, true);
  // softmax of (0, ln 3) is (1/4, 3/4); of (0, 0) is (1/2, 1/2).
  const double l3 = std::log(3.0);
  const ReferenceValues numbers{{"logits", {0, 0, 0, l3, 0, l3}},
                                {"labels", {0, 1, 1}},
                                {"class_weights", {2, 3}},
                                {"pixel_weights", {1, 0.5, 4}}};
  const double w0 = 2 * 1, w1 = 3 * 0.5, w2 = 3 * 4, sum = w0 + w1 + w2;
  both_ways(loss.graph, numbers, [&](const Outputs& out) {
    EXPECT_NEAR(out.at("loss")[0], (w0 * std::log(4.0) + w1 * std::log(2.0) + w2 * std::log(4.0 / 3)) / sum, 1e-6);
    EXPECT_NEAR(out.at("dlogits")[0], w0 / sum * (0.25 - 1), 1e-6);
    EXPECT_NEAR(out.at("dlogits")[3], w0 / sum * 0.75, 1e-6);
    EXPECT_NEAR(out.at("dlogits")[4], w1 / sum * (0.5 - 1), 1e-6);
    EXPECT_NEAR(out.at("dlogits")[2], w2 / sum * 0.25, 1e-6);
  });
}

void expect_nothing(const Outputs& out) {
  EXPECT_EQ(out.at("loss")[0], 0);
  for (double d : out.at("dlogits")) EXPECT_EQ(d, 0);
}

TEST(CrossEntropy, IsZeroWhenNoPixelCounts) {
  both_ways(Loss(3, 2).graph, {{"logits", {1, 2, 3, 4, 5, 6}}, {"labels", {255, 255}}}, expect_nothing);
  both_ways(Loss(3, 2, false, false, {.ignore = 1}).graph, {{"logits", {1, 2, 3, 4, 5, 6}}, {"labels", {1, 1}}},
            expect_nothing);
  both_ways(Loss(2, 2, true).graph, {{"logits", {1, 2, 3, 4}}, {"labels", {1, 1}}, {"class_weights", {1, 0}}},
            expect_nothing);
}

TEST(CrossEntropy, TakesALabelBeyondTheClassesAsIgnored) {
  both_ways(Loss(3, 2).graph, {{"logits", {1, 2, 3, 4, 5, 6}}, {"labels", {3, 254}}}, expect_nothing);
}

TEST(CrossEntropy, SurvivesHugeLogits) {
  both_ways(Loss(2, 2).graph, {{"logits", {1e4, 1e4, -1e4, -1e4}}, {"labels", {0, 1}}}, [](const Outputs& out) {
    EXPECT_NEAR(out.at("loss")[0], 1e4, 1e-2);  // (0 + 2e4) / 2
    EXPECT_NEAR(out.at("dlogits")[0], 0, 1e-6);
    EXPECT_NEAR(out.at("dlogits")[1], 0.5, 1e-6);
    EXPECT_NEAR(out.at("dlogits")[3], -0.5, 1e-6);
  });
}

TEST(CrossEntropy, SaysWhatDoesNotFit) {
  Graph g;
  const auto f32 = [&](std::string name, Shape shape) { return g.input(std::move(name), {DType::f32, shape}); };
  const Value logits = f32("logits", {2, 3, 4, 5});
  const Value labels = g.input("labels", {DType::u8, {2, 4, 5}});
  EXPECT_EQ(input_error([&] {
              cross_entropy(f32("flat", {2, 3}), labels);
            }),
            "cross_entropy: logits is f32 2x3, expected f32 with shape NxCxHxW");
  EXPECT_EQ(input_error([&] {
              cross_entropy(logits, f32("real", {2, 4, 5}));
            }),
            "cross_entropy: labels is f32 2x4x5, expected u8 2x4x5");
  EXPECT_EQ(input_error([&] { cross_entropy(logits, labels, f32("w4", {4})); }),
            "cross_entropy: class weights is f32 4, expected f32 3");
  EXPECT_EQ(input_error([&] {
              cross_entropy(logits, labels, {}, f32("p", {2, 4, 4}));
            }),
            "cross_entropy: pixel weights is f32 2x4x4, expected f32 2x4x5");
  EXPECT_EQ(input_error([&] {
              cross_entropy(f32("many", {2, 257, 4, 5}), labels);
            }),
            "cross_entropy: logits is f32 2x257x4x5, expected 1 to 256 classes");
}

TEST(CrossEntropy, HasNoGradientThroughTheSumOfItsWeights) {
  Graph g;
  const Value logits = g.input("logits", {DType::f32, {1, 2, 1, 1}});
  const Value weight = cross_entropy(logits, g.input("labels", {DType::u8, {1, 1, 1}})).node()->outputs[1];
  EXPECT_EQ(input_error([&] { gradients(weight, std::vector{logits}); }),
            "'cross_entropy': the sum of the weights has no gradient");
}

}  // namespace
}  // namespace inlay::testing
