// How well a model labels a data set.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/metrics.h"
#include "inlay/segment.h"

namespace inlay {

struct ImageScore {
  std::string name;  // the stem
  double mean_iou = 0, pixel_accuracy = 0;
  std::int64_t pixels = 0;  // that count
};

struct Evaluation {
  ConfusionMatrix confusion;
  Scores scores;
  /// Mean over the pixels that count of -log of the probability of the true class; NaN when none counts.
  double cross_entropy = 0;
  std::int64_t images = 0;
  double seconds = 0;
  std::vector<ImageScore> per_image;  // in the data set's order
};

struct EvaluateOptions {
  AbsentPolicy absent = AbsentPolicy::skip;
  std::function<void(std::int64_t done, std::int64_t images)> progress;  // after every image
  std::function<bool()> stop;  // asked before every image; true ends the evaluation after the images done so far
};

/// Labels every picture of the split at its own size and counts all pixels in one confusion matrix. The class names are
/// the model's. The data set's classes alone are scored. Throws InputError when the split is empty, or they are not the
/// model's: as many, or fewer with the names of the model's first ones.
Evaluation evaluate(Segmenter& segmenter, const Dataset& dataset, Split split, const EvaluateOptions& options = {});

}  // namespace inlay
