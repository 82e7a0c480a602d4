// IoU and Dice of single images, averaged.
#include <cmath>

#include "metrics/family.h"

namespace inlay {
namespace {

/// Sum and number of scores: of the images' means, then of each class.
class ImageOverlap final : public MetricFamily {
 public:
  explicit ImageOverlap(const ScorerOptions& options) : classes_(options.classes) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    const Scores scores = inlay::score(class_counts(image.confusion, static_cast<std::int64_t>(classes_.size())),
                                       AbsentPolicy::skip, classes_);
    std::vector<double> counts;
    const auto add = [&](double value) {
      counts.push_back(std::isnan(value) ? 0 : value);
      counts.push_back(std::isnan(value) ? 0 : 1);
    };
    add(scores.mean_iou);
    add(scores.mean_dice);
    for (const ClassScores& one : scores.classes) {
      add(one.iou);
      add(one.dice);
    }
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    FamilyScore iou{divide(sums[0], sums[1]), {}}, dice{divide(sums[2], sums[3]), {}};
    for (std::size_t i = 4; i < sums.size(); i += 4) {
      iou.classes.push_back(divide(sums[i], sums[i + 1]));
      dice.classes.push_back(divide(sums[i + 2], sums[i + 3]));
    }
    return {iou, dice};
  }

 private:
  std::vector<std::string> classes_;
};

}  // namespace

const FamilyEntry kImageOverlapMetrics{{{"image_iou", "mean over images of their own mean IoU", "image_iou"},
                                        {"image_dice", "mean over images of their own mean Dice", "image_dice"}},
                                       [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
                                         return std::make_unique<ImageOverlap>(options);
                                       }};

}  // namespace inlay
