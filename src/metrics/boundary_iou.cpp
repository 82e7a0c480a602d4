#include <algorithm>
#include <cmath>

#include "metrics/boundaries.h"
#include "metrics/family.h"

namespace inlay {
namespace {

constexpr double kWidth = 0.02;  // of the diagonal

/// Intersection and union of each class.
class BoundaryIou final : public MetricFamily {
 public:
  explicit BoundaryIou(const ScorerOptions& options) : classes_(options.classes.size()) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    const std::vector<std::int32_t> predicted = depth_in_class(image.counted), truth = depth_in_class(image.truth);
    const auto width = static_cast<std::int32_t>(std::max(1L, std::lround(kWidth * diagonal(image.truth))));
    const auto got = image.counted.labels.data<std::uint8_t>(), want = image.truth.labels.data<std::uint8_t>();
    std::vector<double> counts(2 * classes_);
    for (std::size_t i = 0; i < want.size(); ++i) {
      const bool in_prediction = predicted[i] <= width && got[i] < classes_;
      const bool in_truth = truth[i] <= width && want[i] < classes_;
      if (in_prediction) ++counts[2 * got[i] + 1u];
      if (!in_truth) continue;
      if (in_prediction && got[i] == want[i])
        ++counts[2u * want[i]];
      else
        ++counts[2 * want[i] + 1u];
    }
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    FamilyScore result;
    for (std::size_t i = 0; i < sums.size(); i += 2) result.classes.push_back(divide(sums[i], sums[i + 1]));
    result.value = mean_of(result.classes);
    return {result};
  }

 private:
  std::size_t classes_;
};

}  // namespace

const FamilyEntry kBoundaryIouMetrics{{{"boundary_iou", "IoU of the pixels along outlines", "boundary_iou"}},
                                      [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
                                        return std::make_unique<BoundaryIou>(options);
                                      }};

}  // namespace inlay
