// Scoring masks, and comparing models: user actions, as those in workflow.h.
#pragma once

#include "inlay/workflow.h"

namespace inlay::workflow {

/// Masks of anybody.
struct ScoreRequest {
  std::filesystem::path predicted;  // folder of masks, whose stems are those of the truth
  std::filesystem::path truth;      // folder of masks, or a data set
  std::filesystem::path classes;    // classes.txt or dataset.toml for masks; empty: rules 2 and 3 of dataset.h
  bool numbers = false;      // the predictions hold the classes' numbers, as predict() writes them, and not the values
                             // of `classes`; for a data set they always do
  Split split = Split::val;  // of a data set
  std::vector<std::string> metrics;  // as in scorer.h
  AbsentPolicy absent = AbsentPolicy::skip;
  VoidPolicy void_pixels = VoidPolicy::ignore;
  std::function<void(std::int64_t done, std::int64_t images)> progress;
  LogSink log;  // is told of predictions without a truth, which are left out
};
/// A predicted pixel that is void is wrong. Throws InputError when a truth has no prediction, when two masks have the
/// same stem, when sizes differ, and for a value that is no class.
Evaluation score(const ScoreRequest& request);

struct ImageDifference {
  std::string name;
  double first = 0, second = 0;  // of the first metric
};

struct Comparison {
  Evaluation first, second;
  std::vector<MetricDifference> metrics;
  std::vector<ImageDifference> images;          // those that differ most first; without a score last
  std::vector<std::filesystem::path> pictures;  // of the images that differ most, written after on_scores
};

struct CompareRequest {
  std::filesystem::path first, second;  // model files
  EvaluateRequest evaluate;             // its data, split, draw, metrics, machine, progress and log
  std::filesystem::path output;         // folder for pictures of the images that differ most; empty: none
  int pictures = 8;
  std::function<void(const Comparison&)> on_scores{};  // before the pictures are written, which may fail
};

/// Evaluates both models on the same images, drawn as for the first. A picture, OUTPUT/STEM.png, shows image, truth,
/// both predictions with their scores, where just one of them is right, and what the colours mean. Throws InputError as evaluate(), and when the models do not
/// score the same classes.
Comparison compare(const CompareRequest& request);

}  // namespace inlay::workflow
