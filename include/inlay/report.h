// A run as one HTML file that needs nothing else: curves, scores, pictures, what was chosen and why, where it came
// from.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/evaluate.h"
#include "inlay/plan.h"
#include "inlay/train.h"

namespace inlay {

struct ReportSample {
  std::string name;
  Image image;
  Mask truth, prediction;
  double mean_iou = 0;
};

/// A column of pictures of the same images: "epoch 8".
struct ReportFrame {
  std::string what;
  std::vector<std::string> pngs;  // the files' bytes
};

struct Report {
  using Lines = std::vector<std::pair<std::string, std::string>>;  // name and value

  std::string title;
  Lines facts;     // of network and training
  Lines settings;  // all of them
  std::vector<EpochReport> history;
  std::int64_t best_epoch = -1;
  std::string scored;  // what the scores are of: "the 12 validation images"
  Evaluation evaluation{.confusion = ConfusionMatrix(1)};
  std::map<std::string, std::string> intervals;  // by score, as "mean_iou": "0.61 to 0.68"; may be empty
  ClassTable classes;
  std::vector<ReportSample> samples;
  std::vector<ReportFrame> frames;    // over the epochs
  std::vector<PlanChoice> plan;       // empty: no such section
  std::optional<Fingerprint> data;    // none: no such section
  std::vector<std::string> findings;  // what is wrong with the data
  Lines origin;                       // command, versions, hashes
};

/// Light and dark by the reader's preference; pictures are scaled down to 320 pixels.
std::string to_html(const Report& report);

}  // namespace inlay
