// How far a score may be off because other images could have been drawn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inlay/scorer.h"

namespace inlay {

struct Interval {
  double low = 0, high = 0;  // NaN: unknown
};

struct ResamplingOptions {
  int resamples = 1000;      // of the bootstrap
  int permutations = 10000;  // of the test
  double level = 0.95;       // of the intervals
  std::uint64_t seed = 0;
};

struct MetricInterval {
  std::string name;
  Interval value;
  std::vector<Interval> classes;  // empty as in MetricResult
};

/// Percentile bootstrap over images (Efron and Tibshirani 1993, chapter 13): the score of as many images drawn with
/// replacement, many times; the interval leaves (1 - level) / 2 out on either side. Draws in which a score has no value
/// do not count. Unknown for fewer than two images. In the order of the scorer's metrics; the same for any number of
/// threads.
std::vector<MetricInterval> bootstrap(const Scorer& scorer, const ResamplingOptions& options = {});

struct MetricDifference {
  std::string name;
  double first = 0, second = 0;
  Interval difference;  // of second - first
  double p_value = 1;   // NaN: unknown
};

/// Two predictions of the same images. The interval is that of the bootstrap, which draws the same images for both. The
/// p-value is of the paired permutation test (approximate randomisation, Noreen 1989) over images, on the score itself:
/// how often a difference as large comes about when it is left to chance which of the two an image's predictions are
/// called, (1 + as large) / (1 + permutations), two-sided. Throws InputError when the images or the metrics are not the
/// same.
std::vector<MetricDifference> compare(const Scorer& first, const Scorer& second, const ResamplingOptions& options = {});

}  // namespace inlay
