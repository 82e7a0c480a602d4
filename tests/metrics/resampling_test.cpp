#include "inlay/resampling.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/rng.h"
#include "base/threads.h"
#include "support/input_error.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsNan;

constexpr std::int64_t kPixels = 100;

/// An image of which `right` of 100 pixels are right.
void add(Scorer& scorer, std::int64_t right) {
  Mask prediction{Tensor(DType::u8, {1, kPixels})};
  const Mask truth{Tensor(DType::u8, {1, kPixels})};
  std::fill(prediction.labels.data<std::uint8_t>().begin() + right, prediction.labels.data<std::uint8_t>().end(),
            std::uint8_t{1});
  scorer.add("image " + std::to_string(scorer.images()), prediction, truth);
}

Scorer accuracy_of(const std::vector<std::int64_t>& right) {
  Scorer scorer({.metrics = {"pixel_accuracy", "mean_iou"}, .classes = {"a", "b"}});
  for (const std::int64_t n : right) add(scorer, n);
  return scorer;
}

TEST(Bootstrap, IsThatOfAMean) {
  Rng rng(7);
  std::vector<std::int64_t> right;
  double sum = 0, squares = 0;
  for (int i = 0; i < 200; ++i) {
    right.push_back(40 + rng.below(41));
    sum += static_cast<double>(right.back()) / kPixels;
    squares += std::pow(static_cast<double>(right.back()) / kPixels, 2);
  }
  const double mean = sum / 200, error = std::sqrt((squares / 200 - mean * mean) / 200);
  const Interval interval = bootstrap(accuracy_of(right), {.resamples = 4000})[0].value;
  EXPECT_NEAR(interval.low, mean - 1.96 * error, 0.15 * error);
  EXPECT_NEAR(interval.high, mean + 1.96 * error, 0.15 * error);
}

TEST(Bootstrap, OfEqualImagesIsAPoint) {
  const std::vector<MetricInterval> intervals = bootstrap(accuracy_of({70, 70, 70}));
  EXPECT_DOUBLE_EQ(intervals[0].value.low, 0.7);
  EXPECT_DOUBLE_EQ(intervals[0].value.high, 0.7);
  EXPECT_DOUBLE_EQ(intervals[1].classes[0].high, 0.7);
}

TEST(Bootstrap, OfOneImageIsUnknown) {
  const std::vector<MetricInterval> intervals = bootstrap(accuracy_of({70}));
  EXPECT_THAT(intervals[0].value.low, IsNan());
  EXPECT_THAT(intervals[1].classes[1].high, IsNan());
}

TEST(Bootstrap, DependsOnTheSeedAlone) {
  const Scorer scorer = accuracy_of({10, 50, 60, 90, 95});
  const auto low = [&](std::uint64_t seed, int threads) {
    const ThreadScope scope(threads);
    return bootstrap(scorer, {.resamples = 50, .seed = seed})[0].value.low;
  };
  EXPECT_EQ(low(1, 1), low(1, 2));
  EXPECT_NE(low(1, 1), low(2, 1));
}

TEST(Compare, AgreesWithAllPermutations) {
  const std::vector<std::int64_t> a{60, 70, 55, 80, 66, 71, 90, 50}, b{64, 69, 61, 83, 70, 70, 95, 57};
  int as_large = 0;
  std::int64_t found = 0;
  for (std::size_t i = 0; i < a.size(); ++i) found += b[i] - a[i];
  for (unsigned signs = 0; signs < 256; ++signs) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (signs >> i & 1u) != 0 ? a[i] - b[i] : b[i] - a[i];
    if (std::abs(sum) >= std::abs(found)) ++as_large;
  }
  const std::vector<MetricDifference> result = compare(accuracy_of(a), accuracy_of(b));
  EXPECT_NEAR(result[0].second - result[0].first, static_cast<double>(found) / 800, 1e-12);
  EXPECT_NEAR(result[0].p_value, as_large / 256.0, 0.01);
  EXPECT_GT(result[0].difference.low, 0);
  EXPECT_LT(result[0].difference.low, result[0].difference.high);
}

TEST(Compare, OfEqualPredictionsFindsNothing) {
  const std::vector<MetricDifference> result = compare(accuracy_of({60, 70}), accuracy_of({60, 70}));
  EXPECT_EQ(result[0].p_value, 1);
  EXPECT_EQ(result[0].difference.high, 0);
  EXPECT_THAT(compare(accuracy_of({60}), accuracy_of({70}))[0].p_value, IsNan()) << "one image";
}

TEST(Compare, NeedsTheSameImagesAndMetrics) {
  EXPECT_THAT(input_error([] { compare(accuracy_of({1}), accuracy_of({1, 2})); }), HasSubstr("1 images cannot"));
  EXPECT_THAT(input_error([] { compare(accuracy_of({1}), Scorer({.metrics = {"pq"}, .classes = {"a"}})); }),
              HasSubstr("different metrics"));
  Scorer other({.metrics = {"pixel_accuracy", "mean_iou"}, .classes = {"a", "b"}});
  other.add("else", Mask{Tensor(DType::u8, {1, 1})}, Mask{Tensor(DType::u8, {1, 1})});
  EXPECT_THAT(input_error([&] { compare(accuracy_of({1}), other); }),
              HasSubstr("'image 0' cannot be compared with 'else'"));
}

}  // namespace
}  // namespace inlay::testing
