// One U-Net with each way of up-sampling, trained by the same recipe and measured side by side.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "inlay/workflow.h"

namespace inlay::workflow {

/// Every way that the U-Net knows (its setting `up`).
std::vector<std::string> list_upsamplers();

/// The settings of a comparison that takes minutes: those of `inlay train`, but for 30 epochs, width 8, patches of 128.
TrainConfig quick_upsampling_recipe();

struct UpsamplingRequest {
  TrainConfig recipe;            // `model` is unet; `up` and `output` are set for each run
  std::filesystem::path output;  // holds a run for each in OUTPUT/UP, config.toml, compare.csv and compare.svg
  std::vector<std::string> up;   // which, in this order; empty: all
  bool resume = false;           // go on in `output`: finished runs are only measured again
  TrainCallbacks callbacks;      // of every run
  std::function<void(std::size_t number, std::size_t count, const std::string& up)> on_run;  // numbers from 0
  std::function<void(const struct UpsamplingResult&)> on_result;
};

/// Of each run: 50 where the recipe leaves it open.
std::int64_t epochs_of(const UpsamplingRequest& request);

/// Scores and checkerboards are of the held-out pictures by the model of the best epoch.
struct UpsamplingResult {
  std::string up;
  double mean_iou = 0, pixel_accuracy = 0;
  std::int64_t best_epoch = 0;     // counted from 0
  std::int64_t parameters = 0;     // trained
  std::int64_t multiply_adds = 0;  // of inference on one picture of UpsamplingComparison::size
  double milliseconds = 0;         // which takes this long, the median
  double memory_mb = 0;            // and needs this for intermediate results and packed weights; 10^6 bytes
  /// Mean of checkerboard(plane, 2), the share of energy at the frequencies of the last up-sampling's stride, over all
  /// planes of the logits that are not flat. Logits rather than probabilities, whose saturation hides patterns; a share
  /// does not change when they are scaled or shifted. NaN when no picture is large enough.
  double checkerboard = 0;
  double train_seconds = 0;
};

struct UpsamplingComparison {
  std::vector<UpsamplingResult> results;
  /// The same of the truth's planes, one a class and 1 inside (for one logit: that of class 1). A net that draws as
  /// many fine patterns as there are has about this much; a multiple of it is an artefact.
  double truth_checkerboard = 0;
  ImageSize size;       // of the first held-out picture, made up to what the net takes
  Split split;          // that is held out: train when there are no validation pictures
  std::int64_t images;  // in it
  bool interrupted = false;
};

/// Throws InputError, before any training, for an unknown or repeated up-sampler, another network than unet, and an
/// `output` that holds files (without `resume`) or no comparison (with it). Errors as train().
UpsamplingComparison compare_upsampling(const UpsamplingRequest& request);

}  // namespace inlay::workflow
