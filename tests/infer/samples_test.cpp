// Monte-Carlo dropout on nets for which mean and variance are known.
#include "infer/samples.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "inlay/nn.h"
#include "inlay/ops.h"
#include "inlay/segment.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatNear;
using testing::input_error;

SegmenterOptions quick(std::int64_t tile = 0) {
  SegmenterOptions options;
  options.threads = 2;
  options.tune = false;
  options.tile = tile;
  return options;
}

/// Of a picture of ones: the logits are 0 or 2, each with probability 1/2. `outputs` 2: logit 0 is 0.
Model coin_net(std::int64_t outputs = 1, bool channels = false) {
  Model model;
  const Scope net(model.graph);
  Value x = dropout(net / "a", model.graph.input("image", {DType::f32, {1, 1, 1, 1}}), 0.5, channels);
  if (outputs == 2) {
    const Value zero = affine(x, 0);
    x = concat(std::vector{zero, x});
  }
  model.graph.set_output("logits", x);
  return model;
}

Image ones(std::int64_t side) { return {Tensor::filled({side, side, 1}, 1)}; }

double average(const Tensor& tensor, std::size_t first, std::size_t count) {
  const auto values = tensor.data<float>().subspan(first, count);
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(count);
}

constexpr double kHigh = 0.8807971, kMean = (0.5 + kHigh) / 2, kDeviation = (kHigh - 0.5) / 2;

TEST(Samples, HaveTheMeanAndVarianceOfTheirDropout) {
  constexpr int kSamples = 16;
  constexpr std::size_t kPixels = 64 * 64;
  Segmenter segment(coin_net(), quick());
  const SampledProbabilities sampled = segment.sample(ones(64), kSamples);
  ASSERT_EQ(sampled.mean.shape(), (Shape{1, 64, 64}));
  ASSERT_EQ(sampled.variance.shape(), (Shape{1, 64, 64}));
  // 65536 coins: the mean's own deviation is 0.0007.
  EXPECT_NEAR(average(sampled.mean, 0, kPixels), kMean, 0.004);
  EXPECT_NEAR(average(sampled.variance, 0, kPixels), kDeviation * kDeviation * (kSamples - 1) / kSamples, 0.001);
}

TEST(Samples, OfTwoLogitsAreTheSoftmaxes) {
  Segmenter one(coin_net(1), quick()), two(coin_net(2), quick());
  const SampledProbabilities a = one.sample(ones(8), 5, 3), b = two.sample(ones(8), 5, 3);
  for (std::size_t i = 0; i < 64; ++i) {
    EXPECT_NEAR(b.mean.data<float>()[64 + i], a.mean.data<float>()[i], 1e-6);
    EXPECT_NEAR(b.mean.data<float>()[i], 1 - a.mean.data<float>()[i], 1e-6);
    EXPECT_NEAR(b.variance.data<float>()[i], a.variance.data<float>()[i], 1e-6);
    EXPECT_NEAR(uncertainty(a).pixels.data<float>()[i], uncertainty(b).pixels.data<float>()[i], 1e-4);
  }
}

TEST(Samples, OneSampleHasNoVariance) {
  Segmenter segment(coin_net(), quick());
  const SampledProbabilities sampled = segment.sample(ones(16), 1);
  for (std::size_t i = 0; i < 256; ++i) {
    const float p = sampled.mean.data<float>()[i];
    EXPECT_TRUE(std::abs(p - 0.5) < 1e-6 || std::abs(p - kHigh) < 1e-6) << p;
    EXPECT_NEAR(sampled.variance.data<float>()[i], 0, 1e-12);
  }
}

TEST(Samples, DependOnTheSeedAlone) {
  Segmenter segment(coin_net(), quick()), other(coin_net(), quick());
  const auto mean = [](Segmenter& net, std::uint64_t seed) {
    const Tensor tensor = net.sample(ones(16), 3, seed).mean;
    return std::vector<float>(tensor.data<float>().begin(), tensor.data<float>().end());
  };
  const std::vector<float> first = mean(segment, 7);
  segment(ones(16));
  EXPECT_EQ(mean(segment, 7), first);
  EXPECT_EQ(mean(other, 7), first);
  EXPECT_NE(mean(segment, 8), first);
}

TEST(Samples, LeaveInferenceAsItIs) {
  Segmenter segment(coin_net(), quick());
  segment.sample(ones(4), 2);
  const Tensor logits = segment.logits(ones(4));
  for (float value : logits.data<float>()) EXPECT_EQ(value, 1);
}

TEST(Samples, KeepBatchNormToItsRunningStatistics) {
  Model model = coin_net();
  const Value normed = batch_norm(Scope(model.graph) / "norm", model.graph.output("logits"));
  model.graph.set_output("logits", normed);
  model.tensors = initialise(model.graph, 1);
  model.tensors["norm/running_mean"] = Tensor::filled({1}, 1);
  model.tensors["norm/running_variance"] = Tensor::filled({1}, 4);
  Segmenter segment(model, quick());
  const SampledProbabilities sampled = segment.sample(ones(8), 1);
  for (float p : sampled.mean.data<float>()) {
    const double logit = std::log(static_cast<double>(p) / (1 - static_cast<double>(p)));
    EXPECT_NEAR(std::abs(logit), 0.5, 1e-5) << "(0 - 1) / 2 or (2 - 1) / 2";
  }
}

TEST(Samples, EveryTileDrawsItsOwn) {
  Model model = coin_net(1, true);
  model.info.size.most = 4;
  const Tensor mean = Segmenter(model, quick(4)).sample(ones(16), 1).mean;
  int high = 0;
  for (std::size_t row = 0; row < 16; row += 4)
    for (std::size_t column = 0; column < 16; column += 4) high += mean.data<float>()[row * 16 + column] > 0.6f;
  EXPECT_GT(high, 1) << "of 16 tiles, all of which are low or high throughout";
  EXPECT_LT(high, 15);
}

TEST(Samples, NeedADropout) {
  Model model;
  model.graph.set_output("logits", relu(model.graph.input("image", {DType::f32, {1, 1, 1, 1}})));
  Segmenter segment(model, quick()), coin(coin_net(), quick());
  EXPECT_EQ(input_error([&] { segment.sample(ones(2), 2); }),
            "the net has no dropout, so all samples would be the same; train one that has, as unet with dropout = 0.5");
  EXPECT_EQ(input_error([&] { coin.sample(ones(2), 0); }), "0 samples were asked for, expected 1 or more");
}

TEST(Samples, LabelsAndUncertaintyByHand) {
  SampleSum sum;
  sum.add(Tensor::of<float>({3, 1, 2}, {1.0f, 0.2f, 0.0f, 0.5f, 0.0f, 0.3f}));
  sum.add(Tensor::of<float>({3, 1, 2}, {0.0f, 0.2f, 0.0f, 0.3f, 1.0f, 0.5f}));
  const SampledProbabilities sampled = sum.result();
  EXPECT_THAT(sampled.mean.data<float>(), ElementsAre(0.5f, 0.2f, 0.0f, 0.4f, 0.5f, 0.4f));
  const auto near = [](double value) { return FloatNear(static_cast<float>(value), 1e-6f); };
  EXPECT_THAT(sampled.variance.data<float>(),
              ElementsAre(near(0.25), near(0), near(0), near(0.01), near(0.25), near(0.01)));
  EXPECT_THAT(most_likely(sampled).labels.data<std::uint8_t>(), ElementsAre(0, 1));
  const Image picture = uncertainty(sampled);
  EXPECT_EQ(picture.pixels.shape(), (Shape{1, 2, 1}));
  EXPECT_THAT(picture.pixels.data<float>(), ElementsAre(near(std::sqrt(0.5)), near(std::sqrt(0.02))));

  const SampledProbabilities one{Tensor::of<float>({1, 1, 3}, {0.4f, 0.5f, 0.6f}),
                                 Tensor::of<float>({1, 1, 3}, {0.0f, 0.25f, 0.02f})};
  EXPECT_THAT(most_likely(one).labels.data<std::uint8_t>(), ElementsAre(0, 0, 1));
  EXPECT_THAT(uncertainty(one).pixels.data<float>(), ElementsAre(near(0), near(std::sqrt(0.5)), near(0.2)));
}

}  // namespace
}  // namespace inlay
