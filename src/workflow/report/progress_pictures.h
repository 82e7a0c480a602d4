// How predictions change over the epochs of a run: small pictures of a few fixed images in RUN/progress.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/report.h"
#include "inlay/train.h"
#include "inlay/train_config.h"

namespace inlay::workflow {

class ProgressPictures {
 public:
  /// Up to three images of the split, spread evenly.
  ProgressPictures(const Dataset& dataset, Split split, std::filesystem::path run, const TrainConfig& config);

  /// After epochs 1, 2, 4, 8, ... that were validated: labels the images with RUN/last.onnx.
  void after_epoch(const EpochReport& report);
  /// After the last one, whatever its number; writes the pictures and the truth beside them.
  void finish(std::int64_t epochs);

 private:
  void write(std::int64_t epoch);

  const Dataset& dataset_;
  Split split_;
  std::filesystem::path run_;
  int threads_;
  bool tune_;
  std::vector<std::int64_t> indices_;
  std::int64_t written_ = 0;  // the last epoch, counted from 1
};

/// The pictures in RUN/progress by epoch, after image and truth; empty when there are none.
std::vector<ReportFrame> read_progress(const std::filesystem::path& run);

}  // namespace inlay::workflow
