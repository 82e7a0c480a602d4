// A run as one HTML file that needs nothing else: curves, scores, pictures, settings.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/evaluate.h"
#include "inlay/train.h"

namespace inlay {

struct ReportSample {
  std::string name;
  Image image;
  Mask truth, prediction;
  double mean_iou = 0;
};

struct Report {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;     // of data, network and training; shown below the samples
  std::vector<std::pair<std::string, std::string>> settings;  // name and value
  std::vector<EpochReport> history;
  std::int64_t best_epoch = -1;
  std::string scored;  // what the scores are of: "the 12 validation images"
  Evaluation evaluation{.confusion = ConfusionMatrix(1)};
  ClassTable classes;
  std::vector<ReportSample> samples;
};

/// Light and dark by the reader's preference; pictures are scaled down to 320 pixels.
std::string to_html(const Report& report);

}  // namespace inlay
