// Scores of metrics.h, from all pixels of all images.
#include "metrics/family.h"

namespace inlay {
namespace {

class Overlap final : public MetricFamily {
 public:
  explicit Overlap(const ScorerOptions& options) : classes_(options.classes), absent_(options.absent) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    std::vector<double> counts;
    for (const ClassCounts& n : class_counts(image.confusion, static_cast<std::int64_t>(classes_.size())))
      for (const std::int64_t value : {n.hits, n.truth, n.predicted}) counts.push_back(static_cast<double>(value));
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    std::vector<ClassCounts> counts;
    for (std::size_t i = 0; i < sums.size(); i += 3)
      counts.push_back({static_cast<std::int64_t>(sums[i]), static_cast<std::int64_t>(sums[i + 1]),
                        static_cast<std::int64_t>(sums[i + 2])});
    const Scores scores = inlay::score(counts, absent_, classes_);
    FamilyScore iou{scores.mean_iou, {}}, dice{scores.mean_dice, {}}, accuracy{scores.mean_accuracy, {}};
    for (const ClassScores& one : scores.classes) {
      iou.classes.push_back(one.iou);
      dice.classes.push_back(one.dice);
      accuracy.classes.push_back(one.accuracy);
    }
    return {iou,
            dice,
            {scores.pixel_accuracy, {}},
            accuracy,
            {scores.frequency_weighted_iou, {}},
            {1 - scores.pixel_accuracy, {}}};
  }

 private:
  std::vector<std::string> classes_;
  AbsentPolicy absent_;
};

}  // namespace

const FamilyEntry kOverlapMetrics{
    {{"mean_iou", "mean over classes of intersection over union", "iou"},
     {"mean_dice", "mean over classes of Dice's coefficient", "dice"},
     {"pixel_accuracy", "share of pixels with the right class", ""},
     {"mean_accuracy", "mean over classes of the share that was found", "accuracy"},
     {"frequency_weighted_iou", "IoU of the classes, weighted by their pixels", ""},
     {"pixel_error", "share of pixels with the wrong class", "", false}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> { return std::make_unique<Overlap>(options); }};

}  // namespace inlay
