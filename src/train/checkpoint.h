// What a run needs to go on where it was.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "inlay/train.h"
#include "train/schedule.h"

namespace inlay {

/// Everything but the numbers of the net and the optimiser.
struct Progress {
  std::int64_t epoch = 0;  // the one to go on with
  std::int64_t step = 0;   // updates done in it; steps_per_epoch: only the validation is missing
  std::int64_t total_steps = 0;
  double loss_sum = 0;                                           // of this epoch's steps
  double first_loss = std::numeric_limits<double>::quiet_NaN();  // of the run's first step
  double seconds = 0;                                            // spent in this epoch so far
  double last_rate = 0;                                          // learning rate of the last step
  PlateauState plateau;
  std::int64_t scored_epoch = -1;        // the last one with a score
  std::int64_t recoveries = 0;           // how often the run went back
  std::int64_t trivial_validations = 0;  // in a row, that told nothing apart
  std::int64_t stale_validations = 0;    // of these, since the training loss fell
  std::int64_t best_epoch = -1;
  double best_score = std::numeric_limits<double>::quiet_NaN();
  std::vector<EpochReport> history;

  // Measured at the start of the run, and kept in case the data set changes under it.
  std::vector<double> mean, stddev;
  std::vector<float> class_weights;

  std::int64_t epochs = 0;      // planned: what was asked for, or what TrainOptions::replan has made of it
  std::int64_t replanned = -1;  // the last epoch after which it was asked

  // Of the process that saved.
  std::int64_t asked_epochs = 0;  // TrainOptions::epochs
  int threads = 0;
};

/// Options and facts that the result depends on, by name.
using Settings = std::map<std::string, std::string>;

/// A run at some time.
struct Moment {
  Progress progress;
  std::map<std::string, Tensor> tensors;
};

/// Writes whole or not at all; `good` is the moment to go back to, if that is another. Throws Error when the file
/// cannot be written.
void save_checkpoint(const std::filesystem::path& path, const Progress& progress, const Settings& settings,
                     const std::map<std::string, Tensor>& tensors, const Moment* good = nullptr);

struct Checkpoint {
  Progress progress;
  Settings settings;
  std::map<std::string, Tensor> tensors;
  std::optional<Moment> good;
};

/// Throws InputError that names the file and what is wrong with it.
Checkpoint load_checkpoint(const std::filesystem::path& path);

/// Copies the numbers into the memory of `targets`. Throws InputError, with the file and the tensor, when one is
/// missing or has another shape.
void restore_tensors(const Checkpoint& checkpoint, const std::map<std::string, Tensor>& targets,
                     const std::filesystem::path& path);

/// Throws InputError that names the first difference.
void check_settings(const Settings& saved, const Settings& wanted, const std::filesystem::path& path);

}  // namespace inlay
