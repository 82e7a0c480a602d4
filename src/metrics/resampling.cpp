#include "inlay/resampling.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"
#include "metrics/family.h"

namespace inlay {
namespace {

/// How often each image is drawn, in the resample of that number.
std::vector<double> draw(std::int64_t images, std::uint64_t seed, std::int64_t number) {
  Rng rng(mix_keys(seed, static_cast<std::uint64_t>(number)));
  std::vector<double> times(static_cast<std::size_t>(images));
  for (std::int64_t i = 0; i < images; ++i) ++times[static_cast<std::size_t>(rng.below(images))];
  return times;
}

Interval interval_of(std::vector<double> values, double level) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return {kNoScore, kNoScore};
  std::ranges::sort(values);
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
  };
  return {at((1 - level) / 2), at((1 + level) / 2)};
}

/// Calls body(i) for 0 .. count-1, shared out among the threads.
template <class Body>
void for_all(std::int64_t count, Body&& body) {
  parallel_ranges(count, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) body(i);
  });
}

void check_pairs(const Scorer& first, const Scorer& second) {
  if (first.options().metrics != second.options().metrics) fail_input("different metrics cannot be compared");
  if (first.images() != second.images())
    fail_input("{} images cannot be compared with {}; expected the same", first.images(), second.images());
  for (std::size_t i = 0; i < first.per_image().size(); ++i)
    if (first.per_image()[i].name != second.per_image()[i].name)
      fail_input("image '{}' cannot be compared with '{}'; expected the same images", first.per_image()[i].name,
                 second.per_image()[i].name);
}

/// Sums of all images, of which each was predicted by the one or the other.
Scorer::Sums mixed(const Scorer& first, const Scorer& second, const std::vector<bool>& swapped) {
  Scorer::Sums sums = first.counts(0);
  for (std::vector<double>& family : sums) std::ranges::fill(family, 0.0);
  for (std::int64_t i = 0; i < first.images(); ++i) {
    const Scorer::Sums& counts = (swapped[static_cast<std::size_t>(i)] ? second : first).counts(i);
    for (std::size_t f = 0; f < sums.size(); ++f)
      for (std::size_t j = 0; j < counts[f].size(); ++j) sums[f][j] += counts[f][j];
  }
  return sums;
}

/// The differences of all metrics, second - first, when some images' predictions are swapped.
std::vector<double> differences(const Scorer& first, const Scorer& second, const std::vector<bool>& swapped) {
  const std::vector<MetricResult> a = first.results_of_sums(mixed(first, second, swapped));
  const std::vector<MetricResult> b = first.results_of_sums(mixed(second, first, swapped));
  std::vector<double> result;
  for (std::size_t m = 0; m < a.size(); ++m) result.push_back(b[m].value - a[m].value);
  return result;
}

/// By metric, the share of permutations in which the difference is at least as large.
std::vector<double> permutation_test(const Scorer& first, const Scorer& second, const ResamplingOptions& options) {
  const auto images = static_cast<std::size_t>(first.images());
  const std::vector<double> found = differences(first, second, std::vector<bool>(images));
  std::vector<std::vector<double>> chance(static_cast<std::size_t>(options.permutations));
  for_all(options.permutations, [&](std::int64_t n) {
    Rng rng(mix_keys(options.seed ^ 0x7e57, static_cast<std::uint64_t>(n)));
    std::vector<bool> swapped(images);
    for (std::size_t i = 0; i < images; ++i) swapped[i] = rng.chance(0.5);
    chance[static_cast<std::size_t>(n)] = differences(first, second, swapped);
  });
  std::vector<double> p_values;
  for (std::size_t m = 0; m < found.size(); ++m) {
    int as_large = 0;
    for (const std::vector<double>& one : chance)
      if (std::abs(one[m]) >= std::abs(found[m]) - 1e-12) ++as_large;
    p_values.push_back(std::isnan(found[m]) ? kNoScore : (1.0 + as_large) / (1.0 + options.permutations));
  }
  return p_values;
}

}  // namespace

std::vector<MetricInterval> bootstrap(const Scorer& scorer, const ResamplingOptions& options) {
  const std::vector<MetricResult> all = scorer.results();
  std::vector<std::vector<MetricResult>> drawn(scorer.images() < 2 ? 0 : static_cast<std::size_t>(options.resamples));
  for_all(static_cast<std::int64_t>(drawn.size()), [&](std::int64_t n) {
    drawn[static_cast<std::size_t>(n)] = scorer.results(draw(scorer.images(), options.seed, n));
  });
  std::vector<MetricInterval> intervals;
  std::vector<double> values(drawn.size());
  const auto interval = [&](auto&& value_of) {
    std::ranges::transform(drawn, values.begin(), value_of);
    return interval_of(values, options.level);
  };
  for (std::size_t m = 0; m < all.size(); ++m) {
    MetricInterval one{all[m].name, interval([&](const auto& results) { return results[m].value; }), {}};
    for (std::size_t c = 0; c < all[m].classes.size(); ++c)
      one.classes.push_back(interval([&](const auto& results) { return results[m].classes[c]; }));
    intervals.push_back(std::move(one));
  }
  return intervals;
}

std::vector<MetricDifference> compare(const Scorer& first, const Scorer& second, const ResamplingOptions& options) {
  check_pairs(first, second);
  const std::vector<MetricResult> a = first.results(), b = second.results();
  std::vector<MetricDifference> result;
  for (std::size_t m = 0; m < a.size(); ++m)
    result.push_back({a[m].name, a[m].value, b[m].value, {kNoScore, kNoScore}, kNoScore});
  if (first.images() < 2) return result;
  std::vector<std::vector<double>> drawn(static_cast<std::size_t>(options.resamples));
  for_all(options.resamples, [&](std::int64_t n) {
    const std::vector<double> times = draw(first.images(), options.seed, n);
    const std::vector<MetricResult> one = first.results(times), other = second.results(times);
    for (std::size_t m = 0; m < one.size(); ++m)
      drawn[static_cast<std::size_t>(n)].push_back(other[m].value - one[m].value);
  });
  const std::vector<double> p_values = permutation_test(first, second, options);
  std::vector<double> values(drawn.size());
  for (std::size_t m = 0; m < result.size(); ++m) {
    std::ranges::transform(drawn, values.begin(), [&](const auto& one) { return one[m]; });
    result[m].difference = interval_of(values, options.level);
    result[m].p_value = p_values[m];
  }
  return result;
}

}  // namespace inlay
