// Values by hand, special values and error messages of the losses of loss_ops.h.
#include "inlay/loss_ops.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "compiler/autodiff.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

/// loss and dlogits on (1, classes, 1, width).
template <class Build>
Graph loss_graph(std::int64_t classes, std::int64_t width, Build build) {
  Graph graph;
  const Value logits = graph.input("logits", {DType::f32, {1, classes, 1, width}});
  const Value loss = build(logits, graph.input("labels", {DType::u8, {1, 1, width}}));
  graph.set_output("loss", loss);
  graph.set_output("dlogits", gradients(loss, std::vector{logits})[0]);
  return graph;
}

Graph focal(std::int64_t classes, std::int64_t width, FocalOptions o = {}) {
  return loss_graph(classes, width, [=](Value x, Value y) { return focal_loss(x, y, {}, {}, o); });
}
Graph lovasz(std::int64_t classes, std::int64_t width, LovaszOptions o = {}) {
  return loss_graph(classes, width, [=](Value x, Value y) { return lovasz_loss(x, y, o); });
}
Graph tversky(std::int64_t classes, std::int64_t width) {
  return loss_graph(classes, width, [](Value x, Value y) { return tversky_loss(x, y); });
}
Graph hard(std::int64_t classes, std::int64_t width, HardPixelOptions o) {
  Graph graph;
  graph.set_output("kept", hard_pixels(graph.input("logits", {DType::f32, {1, classes, 1, width}}),
                                       graph.input("labels", {DType::u8, {1, 1, width}}), {}, {}, o));
  return graph;
}

TEST(FocalLoss, IsTheFormulaByHand) {
  // p of the label: 1/2 and 3/4.
  const double l3 = std::log(3.0), expected = (0.25 * std::log(2.0) + 0.0625 * std::log(4.0 / 3)) / 2;
  both_ways(focal(2, 2), {{"logits", {0, 0, 0, l3}}, {"labels", {0, 1}}},
            [&](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], expected, 1e-6); });
  both_ways(focal(1, 2), {{"logits", {0, l3}}, {"labels", {0, 1}}},
            [&](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], expected, 1e-6); });
}

TEST(FocalLoss, SurvivesHugeLogits) {
  for (const double gamma : {0.0, 0.5, 2.0})
    for (const double smoothing : {0.0, 0.1})
      both_ways(focal(2, 2, {.gamma = gamma, .smoothing = smoothing}),
                {{"logits", {1e4, 1e4, -1e4, -1e4}}, {"labels", {0, 1}}}, [&](const Outputs& out) {
                  EXPECT_NEAR(out.at("loss")[0], 1e4, 1e-2);  // wrong by 2e4 at one of two, or smoothed at both
                  for (const double d : out.at("dlogits")) EXPECT_TRUE(std::isfinite(d));
                  EXPECT_NEAR(out.at("dlogits")[3], -0.5 + smoothing / 4, 1e-6);
                });
}

TEST(LovaszLoss, IsTheJaccardLossOfHardPredictions) {
  // Class 0: truth 2, predicted 1, both 1; class 1: truth 1, predicted 2, both 1. IoU 1/2 each.
  both_ways(lovasz(2, 3), {{"logits", {90, -90, -90, -90, 90, 90}}, {"labels", {0, 0, 1}}},
            [](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], 0.5, 1e-6); });
}

TEST(LovaszLoss, OfManyEqualErrorsDoesNotDependOnTheirOrder) {
  // p = 1/2 everywhere: the extension at (c, ..., c) is c times the loss of all pixels, which is 1.
  const std::int64_t width = 3000;
  std::vector<double> labels(3000, 0.0);
  for (std::size_t i = 0; i < labels.size(); i += 3) labels[i] = 1;
  both_ways(lovasz(2, width), {{"logits", std::vector<double>(6000, 0.0)}, {"labels", labels}},
            [](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], 0.5, 1e-6); });
}

TEST(LovaszLoss, HingeOfCorrectPredictionsBeyondTheMarginIsZero) {
  both_ways(lovasz(1, 3), {{"logits", {-1.5, 2, -7}}, {"labels", {0, 1, 0}}}, [](const Outputs& out) {
    EXPECT_EQ(out.at("loss")[0], 0);
    for (const double d : out.at("dlogits")) EXPECT_EQ(d, 0);
  });
  // Without a pixel of class 1 the worst false positive alone counts.
  both_ways(lovasz(1, 3), {{"logits", {0.5, 2, -7}}, {"labels", {0, 0, 0}}},
            [](const Outputs& out) { EXPECT_NEAR(out.at("loss")[0], 3, 1e-6); });
}

TEST(LovaszLoss, HasTheSameBitsForAnyNumberOfThreads) {
  Rng rng(3);
  std::vector<double> logits(4 * 5000), labels(5000);
  for (double& x : logits) x = rng.normal();
  for (double& y : labels) y = static_cast<double>(rng.below(4));
  for (const Graph& graph : {lovasz(4, 5000), focal(4, 5000)}) {
    const Outputs one = by_program(graph, {{"logits", logits}, {"labels", labels}}, 8, 0, 1);
    for (const int threads : {2, 3, 7})
      EXPECT_EQ(by_program(graph, {{"logits", logits}, {"labels", labels}}, 8, 0, threads), one) << threads;
  }
  const Graph graph = hard(4, 5000, {.threshold = 0.1, .keep = 0.3});
  const Outputs one = by_program(graph, {{"logits", logits}, {"labels", labels}}, 8, 0, 1);
  EXPECT_EQ(by_program(graph, {{"logits", logits}, {"labels", labels}}, 8, 0, 5), one);
}

TEST(HardPixels, KeepsTheHardestAndThoseBelowTheThreshold) {
  // p of the label: 1/2, 1/11, 10/11, 1/101.
  const ReferenceValues numbers{{"logits", {0, 0, std::log(10), 0, 0, std::log(10), 0, std::log(100)}},
                                {"labels", {0, 0, 0, 0}}};
  const auto kept = [&](double threshold, double keep, std::vector<double> expected) {
    both_ways(hard(2, 4, {.threshold = threshold, .keep = keep}), numbers,
              [&](const Outputs& out) { EXPECT_EQ(out.at("kept"), expected) << threshold << " " << keep; });
  };
  kept(0.7, 0, {1, 1, 0, 1});
  kept(0.1, 0, {0, 1, 0, 1});
  kept(0, 0.25, {0, 0, 0, 1});
  kept(0, 0.26, {0, 1, 0, 1});
  kept(0.1, 0.75, {1, 1, 0, 1});
  kept(0.7, 0.25, {1, 1, 0, 1});
  kept(1, 0, {1, 1, 1, 1});
  kept(0, 0, {0, 0, 0, 0});
}

TEST(HardPixels, AreTheSameInLargePicturesAsBySorting) {
  Rng rng(9);
  const std::int64_t width = 20000;
  std::vector<double> logits(20000), labels(20000);
  for (double& x : logits) x = static_cast<float>(3 * rng.normal());
  for (double& y : labels) y = rng.chance(0.1) ? 255 : static_cast<double>(rng.below(2));
  for (const double keep : {0.001, 0.2, 0.999})
    both_ways(hard(1, width, {.threshold = 0, .keep = keep}), {{"logits", logits}, {"labels", labels}},
              [&](const Outputs& out) {
                const auto counted = static_cast<double>(width - std::ranges::count(labels, 255.0));
                EXPECT_EQ(std::ranges::count(out.at("kept"), 1.0), std::ceil(keep * counted)) << keep;
              });
}

TEST(LossOps, AreZeroWhenNoPixelCounts) {
  for (const std::int64_t k : {1, 2})
    for (const Graph& graph : {focal(k, 2), lovasz(k, 2), lovasz(k, 2, {.per_image = true}), tversky(k, 2)})
      both_ways(graph, {{"logits", std::vector<double>(static_cast<std::size_t>(2 * k), 1.5)}, {"labels", {255, 255}}},
                [](const Outputs& out) {
                  EXPECT_EQ(out.at("loss")[0], 0);
                  for (const double d : out.at("dlogits")) EXPECT_EQ(d, 0);
                });
  both_ways(hard(2, 2, {}), {{"logits", {1, 2, 3, 4}}, {"labels", {255, 255}}},
            [](const Outputs& out) { EXPECT_EQ(out.at("kept"), std::vector<double>(2, 0)); });
}

TEST(LossOps, SayWhatDoesNotFit) {
  Graph g;
  const Value logits = g.input("logits", {DType::f32, {1, 2, 1, 2}}),
              labels = g.input("labels", {DType::u8, {1, 1, 2}});
  EXPECT_EQ(input_error([&] { focal_loss(logits, labels, {}, {}, {.gamma = -1}); }),
            "focal_loss: gamma is -1, expected 0 to 10");
  EXPECT_EQ(input_error([&] { focal_loss(logits, labels, {}, {}, {.smoothing = 1}); }),
            "focal_loss: smoothing is 1, expected 0 or more and below 1");
  EXPECT_EQ(input_error([&] { hard_pixels(logits, labels, {}, {}, {.threshold = 2}); }),
            "hard_pixels: threshold is 2, expected 0 to 1");
  EXPECT_EQ(input_error([&] { hard_pixels(logits, labels, {}, {}, {.keep = -1}); }),
            "hard_pixels: keep is -1, expected 0 to 1");
  EXPECT_EQ(input_error([&] { tversky_loss(logits, labels, {.alpha = NAN}); }),
            "tversky_loss: alpha is nan, expected 0 or more");
  const Value flat = g.input("flat", {DType::f32, {4}}), many = g.input("many", {DType::f32, {1, 257, 1, 2}});
  EXPECT_EQ(input_error([&] { tversky_loss(flat, labels); }),
            "tversky_loss: logits is f32 4, expected f32 with shape NxCxHxW");
  EXPECT_EQ(input_error([&] { lovasz_loss(flat, labels); }),
            "lovasz_loss: logits is f32 4, expected f32 with shape NxCxHxW");
  EXPECT_EQ(input_error([&] { focal_loss(many, labels); }),
            "focal_loss: logits is f32 1x257x1x2, expected 1 to 256 channels");
  EXPECT_EQ(input_error([&] { lovasz_loss(many, labels); }),
            "lovasz_loss: scores is f32 1x257x1x2, expected 1 to 256 channels");
  EXPECT_EQ(input_error([&] {
              lovasz_loss(logits, g.input("other", {DType::u8, {1, 2, 2}}));
            }),
            "lovasz_loss: labels is u8 1x2x2, expected u8 1x1x2");
  const Value slopes = lovasz_loss(logits, labels).node()->outputs[1];
  EXPECT_EQ(input_error([&] {
              gradients(reduce_sum(slopes, {0, 1, 2, 3}), std::vector{logits});
            }),
            "'lovasz_loss': the slopes have no gradient");
}

}  // namespace
}  // namespace inlay::testing
