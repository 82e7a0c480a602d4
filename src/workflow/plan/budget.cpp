#include "workflow/plan/budget.h"

#include <algorithm>
#include <cmath>

namespace inlay::workflow {

EpochPlan plan_epochs(double seconds, const RunTimes& times, std::int64_t pass_steps) {
  constexpr double kValidation = 0.125, kFewestPasses = 8, kMostPasses = 60;
  constexpr double kFewest = 5, kMost = 40;
  const double training = std::max(0.0, seconds - times.start - times.end);
  const double pass = static_cast<double>(pass_steps) * times.step + times.validation;
  const double passes = training / pass;
  if (passes >= kFewestPasses && passes <= kMostPasses && times.validation <= kValidation * pass)
    return {std::max<std::int64_t>(1, std::lround(passes)), 0};
  const double by_validation = kValidation * training / std::max(times.validation, 1e-9);
  double epochs = std::floor(std::clamp(by_validation, kFewest, kMost));
  // Validation must leave half of the time for training, however few epochs that makes.
  while (epochs > 1 && epochs * times.validation > training / 2) --epochs;
  const double steps = (training / epochs - times.validation) / times.step;
  return {static_cast<std::int64_t>(epochs), std::max<std::int64_t>(1, std::lround(steps))};
}

double expected_seconds(const EpochPlan& plan, const RunTimes& times, std::int64_t pass_steps) {
  const auto steps = static_cast<double>(plan.epoch_steps > 0 ? plan.epoch_steps : pass_steps);
  return times.start + times.end + static_cast<double>(plan.epochs) * (steps * times.step + times.validation);
}

std::int64_t epochs_that_fit(std::int64_t done, double left, double epoch) {
  if (!(left > 0) || !(epoch > 0)) return done;
  return done + std::lround(std::min(left / epoch, 1e6));
}

}  // namespace inlay::workflow
