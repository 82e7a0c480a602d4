// Epochs that fit into a time.
#pragma once

#include <cstdint>

namespace inlay::workflow {

/// Seconds, measured or estimated.
struct RunTimes {
  double step = 0;        // of training
  double validation = 0;  // of all validation images
  double start = 0;       // before the first step: statistics of the data, algorithms chosen by timing
  double end = 0;         // after the last: scores of the best model, samples, report
};

struct EpochPlan {
  std::int64_t epochs = 1;
  std::int64_t epoch_steps = 0;  // 0: a pass over the images
};

/// Steps of an epoch when validation is to be an eighth of the time at most, for 5 to 40 epochs. An epoch is a pass
/// over the images, `pass_steps`, where that makes 8 to 60 of them.
EpochPlan plan_epochs(double seconds, const RunTimes& times, std::int64_t pass_steps);

/// Seconds that so many epochs take, start and end included.
double expected_seconds(const EpochPlan& plan, const RunTimes& times, std::int64_t pass_steps);

/// How many epochs a run is to have in all that has done `done`, has `left` seconds for more, and needs `epoch` seconds
/// for one: to the nearest, since half an epoch cannot be had.
std::int64_t epochs_that_fit(std::int64_t done, double left, double epoch);

}  // namespace inlay::workflow
