// Scores of masks whose scores can be worked out by hand.
#include "inlay/scorer.h"

#include <gmock/gmock.h>

#include <cmath>

#include "inlay/calibration.h"
#include "support/input_error.h"

namespace inlay::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsNan;

Mask filled(std::int64_t height, std::int64_t width, std::uint8_t label) {
  Mask mask{Tensor(DType::u8, {height, width})};
  std::ranges::fill(mask.labels.data<std::uint8_t>(), label);
  return mask;
}

/// Rows y0 to y1 and columns x0 to x1 hold `label`.
Mask with_box(const Mask& whole, std::int64_t y0, std::int64_t y1, std::int64_t x0, std::int64_t x1,
              std::uint8_t label) {
  Mask mask{whole.labels.clone()};
  for (std::int64_t y = y0; y < y1; ++y)
    for (std::int64_t x = x0; x < x1; ++x)
      mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(y * mask.width() + x)] = label;
  return mask;
}

Mask square(std::int64_t at = 10) { return with_box(filled(40, 50, 0), at, at + 10, at, at + 10, 1); }

Scorer scorer_of(std::string_view metrics, std::vector<std::string> classes = {"ground", "thing"}) {
  return Scorer({.metrics = parse_metrics(metrics, true), .classes = std::move(classes)});
}

double score_of(std::string_view metric, const Mask& prediction, const Mask& truth) {
  Scorer scorer = scorer_of(metric);
  scorer.add("image", prediction, truth);
  return scorer.results().front().value;
}

TEST(Scorer, IdenticalMasksAreBest) {
  for (const Mask& mask : {square(), with_box(square(), 0, 5, 0, 50, kIgnore)})
    for (const std::string& name : parse_metrics("all", false))
      EXPECT_NEAR(score_of(name, mask, mask), metric_info(name).higher_is_better ? 1 : 0, 1e-12) << name;
}

TEST(Scorer, VoidPixelsCountNowhere) {
  const Mask truth = with_box(square(), 20, 40, 0, 50, kIgnore);
  for (const std::string& name : parse_metrics("all", false)) {
    if (name == "v_rand" || name == "v_info") continue;  // a cell in the void may still join two others
    EXPECT_EQ(score_of(name, with_box(square(), 20, 40, 0, 50, 1), truth),
              score_of(name, with_box(square(), 20, 40, 0, 50, 0), truth))
        << name;
  }
}

TEST(Scorer, WithoutAPixelThatCountsThereIsNoScore) {
  for (const std::string& name : parse_metrics("all", false)) {
    const double score = score_of(name, square(), filled(40, 50, kIgnore));
    if (name == "mean_average_precision")
      EXPECT_EQ(score, 1) << "both are empty";
    else
      EXPECT_THAT(score, IsNan()) << name;
  }
}

TEST(Scorer, OfOnePixel) {
  for (const std::string& name : parse_metrics("all", false)) {
    const double score = score_of(name, filled(1, 1, 1), filled(1, 1, 1));
    if (name == "boundary_f1")
      EXPECT_THAT(score, IsNan()) << "a picture of one label has no boundary";
    else
      EXPECT_EQ(score, metric_info(name).higher_is_better ? 1 : 0) << name;
  }
}

TEST(Scorer, AClassThatOnlyOneSideHas) {
  const Mask empty = filled(40, 50, 0);
  EXPECT_EQ(score_of("mean_average_precision", empty, empty), 1);
  EXPECT_EQ(score_of("mean_average_precision", square(), empty), 0);
  EXPECT_EQ(score_of("mean_average_precision", empty, square()), 0);
  EXPECT_EQ(score_of("boundary_f1", square(), empty), 0);
  EXPECT_EQ(score_of("pq", square(), empty), 0);
  EXPECT_EQ(score_of("sq", square(), empty), 0);
  Scorer scorer = scorer_of("hausdorff95");
  scorer.add("image", square(), empty);
  EXPECT_NEAR(scorer.results().front().classes[1], std::hypot(40, 50), 1e-9) << "the diagonal";
}

TEST(Scorer, AveragePrecisionTakesWhatExceedsTheThreshold) {
  const Mask truth = with_box(filled(10, 10, 0), 0, 10, 0, 10, 1);
  EXPECT_DOUBLE_EQ(score_of("map", with_box(filled(10, 10, 0), 0, 5, 0, 10, 1), truth), 0.0) << "IoU 0.50";
  EXPECT_DOUBLE_EQ(score_of("map", with_box(filled(10, 10, 0), 0, 6, 0, 10, 1), truth), 0.2) << "IoU 0.60";
  EXPECT_DOUBLE_EQ(score_of("map", with_box(filled(10, 10, 1), 0, 1, 0, 1, 0), truth), 1.0) << "IoU 0.99";
}

TEST(Scorer, ASquareOnePixelOff) {
  const Mask moved = with_box(filled(40, 50, 0), 11, 21, 10, 20, 1);
  EXPECT_DOUBLE_EQ(score_of("hausdorff95", moved, square()), 1);
  EXPECT_EQ(score_of("warping_error", moved, square()), 0) << "its border moved, no more";
  EXPECT_NEAR(score_of("pixel_error", moved, square()), 20.0 / 2000, 1e-12);
  Scorer scorer = scorer_of("pq,sq,rq");
  scorer.add("image", moved, square());
  for (const MetricResult& result : scorer.results())
    EXPECT_DOUBLE_EQ(result.classes[1], result.name == "rq" ? 1 : 90.0 / 110) << result.name;
  EXPECT_THAT(scorer.results()[0].classes[0], IsNan()) << "the background has no segments";
}

TEST(Scorer, BoundaryF1ForgivesWithinItsTolerance) {
  const auto bar = [](std::int64_t x) { return with_box(filled(300, 400, 0), 0, 300, x, 400, 1); };  // 3.75 pixels
  EXPECT_EQ(score_of("boundary_f1", bar(200), bar(203)), 1);
  EXPECT_EQ(score_of("boundary_f1", bar(200), bar(204)), 0);
}

TEST(Scorer, ABrokenMembraneMergesCells) {
  Mask truth = filled(21, 41, 1);
  truth = with_box(truth, 0, 21, 20, 21, 0);
  EXPECT_EQ(score_of("v_rand", with_box(truth, 0, 21, 18, 23, 0), truth), 1) << "a thick border is thinned";
  const Mask broken = with_box(truth, 10, 11, 20, 21, 1);
  EXPECT_NEAR(score_of("v_rand", broken, truth), 2 * 0.5 / 1.5, 1e-12) << "two halves of one cell";
  EXPECT_EQ(score_of("v_info", broken, truth), 0);
  EXPECT_DOUBLE_EQ(score_of("warping_error", broken, truth), 1.0 / (21 * 41)) << "topology costs its pixel";
}

TEST(Scorer, TheBorderMayHaveAnyNumber) {
  Scorer scorer = scorer_of("v_rand,warping_error,pq", {"inside", "Membrane"});
  const Mask truth = with_box(filled(21, 41, 0), 0, 21, 20, 21, 1);
  scorer.add("broken", with_box(truth, 10, 11, 20, 21, 0), truth);
  EXPECT_NEAR(scorer.results()[0].value, 2 * 0.5 / 1.5, 1e-12);
  EXPECT_DOUBLE_EQ(scorer.results()[1].value, 1.0 / (21 * 41));
  EXPECT_THAT(scorer.results()[2].classes[1], IsNan());
}

/// Two cells and a membrane of 1 pixel between them; its probability is `membrane`, in its middle `gap`, elsewhere
/// 0.15.
class Membrane : public ::testing::Test {
 protected:
  Tensor logits(double membrane, double gap, std::int64_t channels, std::uint8_t border = 0) const {
    Tensor logits(DType::f32, {channels, 21, 41});
    const std::span<float> values = logits.data<float>();
    for (std::size_t i = 0; i < 21 * 41; ++i) {
      const double p = i % 41 != 20 ? 0.15 : i / 41 == 10 ? gap : membrane;
      const double odds = std::log(p / (1 - p));
      values[channels == 1 ? i : border * 21 * 41 + i] =
          static_cast<float>(channels == 1 && border == 0 ? -odds : odds);
    }
    return logits;
  }
  std::vector<MetricResult> scores(const Tensor& logits, std::vector<std::string> classes = {"membrane", "inside"}) {
    Scorer scorer = scorer_of("v_rand_max,v_info_max,v_rand", std::move(classes));
    scorer.add("image", truth_, truth_, &logits);
    return scorer.results();
  }

  Mask truth_ = with_box(filled(21, 41, 1), 0, 21, 20, 21, 0);
};

TEST_F(Membrane, IsScoredAtTheThresholdThatIsBest) {
  for (const std::int64_t channels : {1, 2}) {
    const std::vector<MetricResult> closed = scores(logits(0.9, 0.35, channels));
    EXPECT_EQ(closed[0].value, 1) << "0.2 and 0.3 close the gap";
    EXPECT_EQ(closed[1].value, 1);
    EXPECT_EQ(closed[0].threshold, 0.3) << "is nearer to 1/2 than 0.2";
    const std::vector<MetricResult> open = scores(logits(0.9, 0.15, channels));
    EXPECT_NEAR(open[0].value, 2 * 0.5 / 1.5, 1e-12) << "no threshold does: two halves of one cell";
    EXPECT_EQ(open[0].threshold, 0.5) << "of many that are as good";
    EXPECT_NEAR(open[1].value, 2 * std::log(2) / std::log(2.0 * 840), 1e-9) << "each of 840 pixels a cell of its own";
    EXPECT_EQ(open[1].threshold, 0.1) << "where all is border";
    EXPECT_FALSE(open[2].threshold) << "labels have none";
  }
}

TEST_F(Membrane, AProbabilityAtTheThresholdIsBorder) {
  Tensor half(DType::f32, {1, 21, 41});  // 1/2 on the membrane, and cells that are sure
  for (std::size_t i = 0; i < 21 * 41; ++i) half.data<float>()[i] = i % 41 == 20 ? 0.0f : 80.0f;
  const std::vector<MetricResult> results = scores(half);
  EXPECT_EQ(results[0].value, 1);
  EXPECT_EQ(results[0].threshold, 0.5);
}

TEST_F(Membrane, MayBeAnyClass) {
  for (std::uint8_t& label : truth_.labels.data<std::uint8_t>()) label = 1 - label;
  for (const std::int64_t channels : {1, 2}) {
    const std::vector<MetricResult> results = scores(logits(0.9, 0.45, channels, 1), {"inside", "membrane"});
    EXPECT_EQ(results[0].value, 1);
    EXPECT_EQ(results[0].threshold, 0.4);
  }
}

TEST_F(Membrane, TheThresholdIsOneForAllImages) {
  Scorer scorer = scorer_of("v_rand_max", {"membrane", "inside"});
  const Tensor low = logits(0.9, 0.35, 1), high = logits(0.75, 0.75, 1);
  scorer.add("low", truth_, truth_, &low);
  Tensor noisy = high.clone();  // a line of 0.45 across a cell tears it below that
  for (std::size_t y = 0; y < 21; ++y) noisy.data<float>()[y * 41 + 30] = static_cast<float>(-std::log(0.45 / 0.55));
  scorer.add("high", truth_, truth_, &noisy);
  EXPECT_EQ(scorer.results_of(0)[0].value, 1);
  EXPECT_EQ(scorer.results_of(1)[0].value, 1);
  EXPECT_LT(scorer.results()[0].value, 1) << "one wants 0.3, the other 0.5";
}

TEST_F(Membrane, WithoutACellThereIsNoScore) {
  truth_ = filled(21, 41, 0);
  const std::vector<MetricResult> results = scores(logits(0.9, 0.9, 1));
  EXPECT_THAT(results[0].value, IsNan());
  EXPECT_FALSE(results[0].threshold);
}

TEST(Scorer, PanopticQualityTellsRegionsApart) {
  const Mask two = with_box(with_box(filled(30, 30, 0), 0, 10, 0, 10, 1), 15, 25, 15, 25, 1);
  const Mask joined = with_box(two, 9, 16, 9, 16, 1);
  EXPECT_EQ(score_of("rq", joined, two), 0) << "one region that covers neither by more than half";
  const Mask by_corner = with_box(with_box(filled(30, 30, 0), 0, 10, 0, 10, 1), 10, 20, 10, 20, 1);
  EXPECT_EQ(score_of("rq", with_box(by_corner, 10, 20, 10, 20, 0), by_corner), 0) << "corners join: IoU is a half";
}

TEST(Scorer, ImagesCountAlikeInTheMeanOfImages) {
  Scorer scorer = scorer_of("mean_iou,image_iou");
  scorer.add("large", filled(30, 30, 1), filled(30, 30, 1));
  scorer.add("small", filled(1, 1, 0), filled(1, 1, 1));
  EXPECT_NEAR(scorer.results()[0].value, 900.0 / 901 / 2, 1e-12);
  EXPECT_DOUBLE_EQ(scorer.results()[1].value, 0.5);
  EXPECT_DOUBLE_EQ(scorer.results_of(0)[1].value, 1);
  EXPECT_DOUBLE_EQ(scorer.results(std::vector<double>{3, 1})[1].value, 0.75);
  EXPECT_EQ(scorer.per_image()[1].name, "small");
}

TEST(Scorer, LabelsThatTheTruthCannotHaveAreWrong) {
  Scorer scorer({.metrics = parse_metrics("all", false), .classes = {"a", "b", "c"}, .labels = 5});
  scorer.add("image", filled(4, 4, 4), filled(4, 4, 2));
  EXPECT_EQ(scorer.results().front().value, 0);
  EXPECT_THAT(input_error([&] { scorer.add("image", filled(4, 4, 2), filled(4, 4, 4)); }),
              HasSubstr("truth holds the label 4; expected 0 to 2"));
  EXPECT_THAT(input_error([&] { scorer.add("image", filled(4, 4, 2), filled(4, 5, 2)); }), HasSubstr("of one size"));
}

TEST(Scorer, NeedsClassesAndLogits) {
  EXPECT_THAT(input_error([] { Scorer({.metrics = {}, .classes = {}}); }), HasSubstr("the name of a class"));
  Scorer scorer = scorer_of("ece");
  EXPECT_THAT(input_error([&] { scorer.add("x", square(), square()); }), HasSubstr("'ece' is made of probabilities"));
  EXPECT_THAT(scorer_of("all").results().front().value, IsNan()) << "of no image";
}

TEST(Calibration, OfOneChannelAndOfTwo) {
  const Mask truth{Tensor::of<std::uint8_t>({1, 4}, {1, 1, 0, kIgnore})};
  const float sure = std::log(9.0f);  // 0.9
  Calibration one, two;
  one.add(Tensor::of<float>({1, 1, 4}, {sure, -sure, -sure, sure}), truth);
  two.add(Tensor::of<float>({2, 1, 4}, {0, sure, sure, 0, sure, 0, 0, sure}), truth);
  for (const Calibration& c : {one, two}) {
    EXPECT_EQ(c.bins[13].pixels, 3);
    EXPECT_EQ(c.bins[13].correct, 2);
    EXPECT_NEAR(c.expected_error(), 0.9 - 2.0 / 3, 1e-6);
    EXPECT_NEAR(c.maximum_error(), 0.9 - 2.0 / 3, 1e-6);
  }
  EXPECT_THAT(Calibration().expected_error(), IsNan());
  EXPECT_THAT(Calibration().maximum_error(), IsNan());
}

TEST(MetricNames, AreParsed) {
  EXPECT_THAT(parse_metrics("miou, pq,map,mean_iou", false), ElementsAre("mean_iou", "pq", "mean_average_precision"));
  EXPECT_THAT(parse_metrics("default", false),
              ElementsAre("mean_iou", "mean_dice", "pixel_accuracy", "mean_accuracy", "frequency_weighted_iou"));
  EXPECT_EQ(parse_metrics("all", true).size(), metric_infos().size());
  EXPECT_EQ(parse_metrics("all", false).size() + 5, metric_infos().size());
  EXPECT_THAT(input_error([] { parse_metrics("boundary_f2", true); }), HasSubstr("did you mean 'boundary_f1'?"));
  EXPECT_THAT(input_error([] { parse_metrics("", true); }), HasSubstr("there is no metric ''"));
  EXPECT_THAT(input_error([] { parse_metrics("miou,ece", false); }), HasSubstr("'ece' is made of probabilities"));
}

}  // namespace
}  // namespace inlay::testing
