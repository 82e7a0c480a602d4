// The learning rate of a step.
#pragma once

#include <cstdint>
#include <limits>

#include "inlay/train.h"

namespace inlay {

struct SchedulePosition {
  std::int64_t step = 0;   // updates done so far, over all epochs
  std::int64_t steps = 1;  // of the whole run
  std::int64_t steps_per_epoch = 1;
};

/// What the plateau schedule remembers between epochs.
struct PlateauState {
  double factor = 1;  // of the learning rate now
  double best = -std::numeric_limits<double>::infinity();
  std::int64_t bad_epochs = 0;  // since the last better score
};

/// Throws InputError that names the option when one is out of range.
void check(const ScheduleOptions& options);

/// A function of its arguments alone; see ScheduleOptions for the formulas.
double learning_rate(const ScheduleOptions& options, double base, const SchedulePosition& position,
                     const PlateauState& plateau = {});

/// Takes note of a score (higher is better), `epochs` after the one before; true when the rate goes down by it. As
/// torch.optim.lr_scheduler.ReduceLROnPlateau with threshold_mode='abs' and a threshold of 1e-4. Does nothing for the
/// other schedules.
bool observe(PlateauState& state, const ScheduleOptions& options, double score, std::int64_t epochs = 1);

}  // namespace inlay
