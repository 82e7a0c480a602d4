// The scores against scikit-learn, scikit-image and SciPy (tests/golden/make_metrics_golden.py).
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "inlay/calibration.h"
#include "inlay/scorer.h"

namespace inlay::testing {
namespace {

using nlohmann::json;

json golden() {
  std::ifstream file(std::string(INLAY_SOURCE) + "/tests/golden/metrics.json");
  return json::parse(file);
}

Mask mask_of(std::int64_t height, std::int64_t width, const json& runs) {
  Mask mask{Tensor(DType::u8, {height, width})};
  auto out = mask.labels.data<std::uint8_t>().begin();
  for (std::size_t i = 0; i < runs.size(); i += 2)
    out = std::fill_n(out, runs[i + 1].get<std::int64_t>(), runs[i].get<std::uint8_t>());
  EXPECT_EQ(out, mask.labels.data<std::uint8_t>().end());
  return mask;
}

Scorer scored(const json& one, std::vector<std::string> metrics, VoidPolicy void_pixels = VoidPolicy::ignore) {
  ScorerOptions options;
  options.metrics = std::move(metrics);
  options.classes = one["classes"];
  options.void_pixels = void_pixels;
  Scorer scorer(options);
  for (const json& pair : one["pairs"]) {
    const std::int64_t height = pair["height"], width = pair["width"];
    scorer.add("image", mask_of(height, width, pair["prediction"]), mask_of(height, width, pair["truth"]));
  }
  return scorer;
}

void expect_near(double value, const json& expected, const std::string& what) {
  if (expected.is_null())
    EXPECT_TRUE(std::isnan(value)) << what << " is " << value;
  else
    EXPECT_NEAR(value, expected.get<double>(), 1e-6 * std::max(1.0, std::abs(expected.get<double>()))) << what;
}

void expect_scores(const std::vector<MetricResult>& results, const json& expected) {
  for (const MetricResult& result : results) {
    const json& golden = expected.at(result.name);
    expect_near(result.value, golden["value"], result.name);
    ASSERT_EQ(result.classes.size(), golden["classes"].size()) << result.name;
    for (std::size_t c = 0; c < result.classes.size(); ++c)
      expect_near(result.classes[c], golden["classes"][c], result.name + " of class " + std::to_string(c));
  }
}

TEST(MetricsGolden, ScoresOfMasks) {
  for (const json& one : golden()["cases"]) {
    SCOPED_TRACE(one["name"].get<std::string>());
    const std::vector<std::string> metrics = parse_metrics("all", false);
    EXPECT_EQ(metrics.size(), one["scores"].size());
    expect_scores(scored(one, metrics).results(), one["scores"]);
  }
}

TEST(MetricsGolden, VoidThatCounts) {
  for (const json& one : golden()["cases"]) {
    SCOPED_TRACE(one["name"].get<std::string>());
    expect_scores(scored(one, {"mean_iou", "mean_dice"}, VoidPolicy::count).results(), one["void_counts"]);
  }
}

TEST(MetricsGolden, ScoresOfConfidences) {
  const json expected = golden()["confidences"];
  const std::int64_t height = expected["height"], width = expected["width"];
  Tensor logits(DType::f32, {3, height, width});
  std::ranges::copy(expected["logits"].get<std::vector<float>>(), logits.data<float>().begin());
  Mask truth{Tensor(DType::u8, {height, width})};
  std::ranges::copy(expected["truth"].get<std::vector<std::uint8_t>>(), truth.labels.data<std::uint8_t>().begin());
  Scorer scorer({.metrics = {"ece", "mce", "cross_entropy"}, .classes = {"a", "b", "c"}});
  const Mask any{Tensor(DType::u8, {height, width})};
  scorer.add("image", any, truth, &logits);
  for (const MetricResult& result : scorer.results())
    EXPECT_NEAR(result.value, expected[result.name], 1e-5) << result.name;
}

TEST(MetricsGolden, ScoresOfMembranes) {
  const json expected = golden()["membranes"];
  for (const std::int64_t channels : {1, 2}) {
    Scorer scorer({.metrics = {"v_rand_max", "v_info_max"}, .classes = {"membrane", "inside"}});
    for (const json& image : expected["images"]) {
      const std::int64_t height = image["height"], width = image["width"];
      Tensor logits(DType::f32, {channels, height, width});  // of the membrane 0 where it has its own
      std::ranges::transform(image["logits"].get<std::vector<float>>(),
                             logits.data<float>().begin() + (channels - 1) * height * width,
                             [](float quarters) { return quarters / 4; });
      const Mask truth = mask_of(height, width, image["truth"]);
      scorer.add("image", truth, truth, &logits);
    }
    for (const MetricResult& result : scorer.results()) {
      EXPECT_NEAR(result.value, expected[result.name], 1e-9) << result.name;
      EXPECT_EQ(result.threshold, expected[result.name.substr(0, 6) + "_threshold"].get<double>()) << result.name;
    }
  }
}

}  // namespace
}  // namespace inlay::testing
