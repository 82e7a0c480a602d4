// What one file of src/metrics brings: metrics that are made of the same counts.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "inlay/scorer.h"
#include "metrics/cross_entropy.h"

namespace inlay {

inline constexpr double kNoScore = std::numeric_limits<double>::quiet_NaN();

inline double divide(double part, double whole) { return whole == 0 ? kNoScore : part / whole; }

/// What is known of an image.
struct ImageMaterial {
  const Mask& prediction;
  const Mask& truth;
  const Mask& counted;  // the prediction with kIgnore where the truth has it
  const ConfusionMatrix& confusion;
  const Tensor* logits = nullptr;
  NegativeLogLikelihood loss;
};

/// Of one metric.
struct FamilyScore {
  double value = kNoScore;
  std::vector<double> classes;
  std::optional<double> threshold{};  // as in MetricResult
};

class MetricFamily {
 public:
  virtual ~MetricFamily() = default;
  /// Always as many numbers; their sums over images are what score() takes.
  virtual std::vector<double> count(const ImageMaterial& image) const = 0;
  /// In the order of the family's metrics.
  virtual std::vector<FamilyScore> score(std::span<const double> sums) const = 0;
};

struct FamilyEntry {
  std::vector<MetricInfo> metrics;
  std::unique_ptr<MetricFamily> (*make)(const ScorerOptions& options);
};

/// Each is defined in the file of its name.
extern const FamilyEntry kOverlapMetrics, kImageOverlapMetrics, kCrossEntropyMetrics, kBoundaryF1Metrics,
    kBoundaryIouMetrics, kSurfaceDistanceMetrics, kAveragePrecisionMetrics, kPanopticQualityMetrics, kCellsMetrics,
    kBestCellsMetrics, kWarpingErrorMetrics, kCalibrationMetrics;

/// The mean of those that are numbers; NaN without any.
double mean_of(std::span<const double> values);

/// The class without objects: see scorer.h.
std::optional<std::uint8_t> background_class(const std::vector<std::string>& classes);

/// The labels below `classes` that either mask holds.
std::vector<std::uint8_t> classes_in(const Mask& a, const Mask& b, std::size_t classes);

}  // namespace inlay
