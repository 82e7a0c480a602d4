#include <map>

#include "inlay/regions.h"
#include "metrics/family.h"

namespace inlay {
namespace {

/// What a predicted and a true region have in common.
using Pairs = std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t>;

struct Segments {
  Regions predicted, truth;
  Pairs common;
  std::vector<std::int64_t> on_void;  // pixels of each predicted region; [0] is of none
};

Segments segments_of(const ImageMaterial& image, std::optional<std::uint8_t> background) {
  Segments s{connected_regions(image.prediction, Connectivity::corners, background),
             connected_regions(image.truth, Connectivity::corners, background),
             {},
             {}};
  s.on_void.resize(s.predicted.regions.size() + 1);
  const auto predicted = s.predicted.numbers.data<std::int32_t>(), truth = s.truth.numbers.data<std::int32_t>();
  const auto labels = image.truth.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (predicted[i] == 0) continue;
    if (labels[i] == kIgnore) ++s.on_void[static_cast<std::size_t>(predicted[i])];
    if (truth[i] != 0) ++s.common[{predicted[i], truth[i]}];
  }
  return s;
}

/// Of each class: the sum of the matches' IoU, matches, predictions and true regions without a match.
class PanopticQuality final : public MetricFamily {
 public:
  explicit PanopticQuality(const ScorerOptions& options)
      : classes_(options.classes.size()), background_(background_class(options.classes)) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    const Segments s = segments_of(image, background_);
    std::vector<double> counts(4 * classes_);
    std::vector<bool> predicted_match(s.predicted.regions.size()), truth_match(s.truth.regions.size());
    for (const auto& [pair, common] : s.common) {
      const auto p = static_cast<std::size_t>(pair.first - 1), t = static_cast<std::size_t>(pair.second - 1);
      const Region &predicted = s.predicted.regions[p], &truth = s.truth.regions[t];
      const std::int64_t whole = predicted.pixels + truth.pixels - common - s.on_void[p + 1];
      if (predicted.label != truth.label || 2 * common <= whole) continue;  // above a half, no two match the same
      predicted_match[p] = truth_match[t] = true;
      counts[4u * truth.label] += static_cast<double>(common) / static_cast<double>(whole);
      ++counts[4u * truth.label + 1];
    }
    for (std::size_t p = 0; p < predicted_match.size(); ++p) {
      const Region& region = s.predicted.regions[p];
      if (!predicted_match[p] && region.label < classes_ && 2 * s.on_void[p + 1] <= region.pixels)
        ++counts[4u * region.label + 2];
    }
    for (std::size_t t = 0; t < truth_match.size(); ++t)
      if (!truth_match[t]) ++counts[4u * s.truth.regions[t].label + 3];
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    FamilyScore pq, sq, rq;
    for (std::size_t i = 0; i < sums.size(); i += 4) {
      const double matches = sums[i + 1], whole = matches + (sums[i + 2] + sums[i + 3]) / 2;
      pq.classes.push_back(divide(sums[i], whole));
      sq.classes.push_back(whole > 0 && matches == 0 ? 0 : divide(sums[i], matches));
      rq.classes.push_back(divide(matches, whole));
    }
    for (FamilyScore* one : {&pq, &sq, &rq}) one->value = mean_of(one->classes);
    return {pq, sq, rq};
  }

 private:
  std::size_t classes_;
  std::optional<std::uint8_t> background_;
};

}  // namespace

const FamilyEntry kPanopticQualityMetrics{{{"pq", "panoptic quality of connected regions", "pq"},
                                           {"sq", "segmentation quality: IoU of the regions that match", "sq"},
                                           {"rq", "recognition quality: F1 of the regions that match", "rq"}},
                                          [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
                                            return std::make_unique<PanopticQuality>(options);
                                          }};

}  // namespace inlay
