#include "folds_text.h"

#include <fmt/format.h>

#include <cmath>

namespace wf = inlay::workflow;

std::string folds_text(const wf::FoldsOutcome& outcome) {
  std::string text = fmt::format("{:<8}{:>8}{:>10}{:>16}\n", "Fold", "images", "mIoU", "pixel accuracy");
  std::vector<double> ious, accuracies;
  for (const wf::FoldResult& fold : outcome.folds) {
    ious.push_back(fold.evaluation.scores.mean_iou);
    accuracies.push_back(fold.evaluation.scores.pixel_accuracy);
    text += fmt::format("{:<8}{:>8}{:>10.3f}{:>16.3f}\n", fold.fold, fold.images, ious.back(), accuracies.back());
  }
  const wf::Spread iou = wf::spread(ious), accuracy = wf::spread(accuracies);
  text += fmt::format("{:<8}{:>8}{:>10.3f}{:>16.3f}\n", "mean", "", iou.mean, accuracy.mean);
  text += fmt::format("{:<8}{:>8}{:>10.3f}{:>16.3f}\n", "spread", "", iou.deviation, accuracy.deviation);
  return text + fmt::format("{:<8}{:>8}{:>10.3f}{:>16.3f}\n", "all", outcome.evaluation->images,
                            outcome.evaluation->scores.mean_iou, outcome.evaluation->scores.pixel_accuracy);
}
