// What must be known before the first step: checked options, sizes, statistics.
#pragma once

#include <cstdint>

#include "inlay/train.h"
#include "train/checkpoint.h"

namespace inlay {

/// Throws InputError that names the option when one is out of range, and when model and data set do not go together.
void check(const TrainOptions& options, const Model& model, const Dataset& dataset);

struct PatchSize {
  std::int64_t height = 0, width = 0;
};

/// As TrainOptions::height and width say; rounding up is said to the log.
PatchSize choose_patch(const TrainOptions& options, const Model& model, const Dataset& dataset);

/// For check_settings(): all that changes the result, but not how long the run goes on.
Settings describe(const TrainOptions& options, const PatchSize& patch, const Model& model, const Dataset& dataset);

/// Mean, standard deviation and class weights of the training images, where model and options leave them to the data.
void measure(Progress& progress, const TrainOptions& options, const Model& model, const Dataset& dataset);

}  // namespace inlay
