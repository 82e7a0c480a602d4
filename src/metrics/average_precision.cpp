#include "metrics/family.h"

namespace inlay {
namespace {

/// The share of the thresholds 0.50, 0.55, ... 0.95 that hits / whole exceeds, in whole numbers.
double precision(const ClassCounts& n) {
  const std::int64_t whole = n.truth + n.predicted - n.hits;
  if (whole == 0) return 1;
  int passed = 0;
  for (int twentieth = 10; twentieth < 20; ++twentieth)
    if (20 * n.hits > twentieth * whole) ++passed;
  return passed / 10.0;
}

/// The number of images, then the sum of each class.
class AveragePrecision final : public MetricFamily {
 public:
  explicit AveragePrecision(const ScorerOptions& options)
      : classes_(options.classes.size()), background_(background_class(options.classes)) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    std::vector<double> counts{1};
    for (const ClassCounts& n : class_counts(image.confusion, static_cast<std::int64_t>(classes_)))
      counts.push_back(precision(n));
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    FamilyScore result;
    for (std::size_t i = 1; i < sums.size(); ++i)
      result.classes.push_back(i - 1 == background_ ? kNoScore : divide(sums[i], sums[0]));
    result.value = mean_of(result.classes);
    return {result};
  }

 private:
  std::size_t classes_;
  std::optional<std::uint8_t> background_;
};

}  // namespace

const FamilyEntry kAveragePrecisionMetrics{
    {{"mean_average_precision", "share of masks right at IoU 0.50 to 0.95 (TGS salt)", "average_precision"}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
      return std::make_unique<AveragePrecision>(options);
    }};

}  // namespace inlay
