// How well a model labels a data set.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/resampling.h"
#include "inlay/segment.h"

namespace inlay {

struct Evaluation {
  ConfusionMatrix confusion;
  Scores scores;
  /// Mean over the pixels that count of -log of the probability of the true class; NaN when none counts.
  double cross_entropy = 0;
  std::int64_t images = 0;
  double seconds = 0;
  std::vector<ImageScore> per_image{};      // in the data set's order
  std::vector<MetricResult> metrics{};      // those that were asked for
  std::vector<MetricInterval> intervals{};  // of them, where somebody asked for bootstrap()
  std::shared_ptr<const Scorer> scorer{};   // what the metrics were made of
};

struct EvaluateOptions {
  AbsentPolicy absent = AbsentPolicy::skip;
  VoidPolicy void_pixels = VoidPolicy::ignore;
  std::vector<std::string> metrics{};                                      // names, as in scorer.h
  std::function<void(std::int64_t done, std::int64_t images)> progress{};  // after every image
  std::function<bool()> stop{};  // asked before every image; true ends the evaluation after the images done so far
  /// Sees every image; logits (K, H, W).
  std::function<void(const Sample&, const Mask& prediction, const Tensor& logits)> on_image{};
};

/// Labels every picture of the split at its own size and counts all pixels in one confusion matrix. The class names are
/// the model's. The data set's classes alone are scored. Throws InputError when the split is empty, or they are not the
/// model's: as many, or fewer with the names of the model's first ones.
Evaluation evaluate(Segmenter& segmenter, const Dataset& dataset, Split split, const EvaluateOptions& options = {});

/// What the scorer counted, as an evaluation that took no time.
Evaluation evaluation_of(Scorer scorer);

}  // namespace inlay
