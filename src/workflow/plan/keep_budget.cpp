#include "workflow/plan/keep_budget.h"

#include <algorithm>
#include <cmath>

#include "workflow/plan/budget.h"

namespace inlay::workflow {

BudgetKeeper::BudgetKeeper(const RunPlan& plan, Clock clock)
    : budget_(plan.budget),
      epochs_(*plan.config.epochs),
      clock_(std::move(clock)),
      replanned_{*plan.config.epochs, {}} {}

std::int64_t BudgetKeeper::after_training(const EpochReport& report) {
  constexpr double kTolerance = 0.03, kReport = 0.7, kInference = 1.0 / 3;
  const std::int64_t done = report.epoch + 1;
  // The first epoch is slow; what follows counts more.
  training_seconds_ = report.seconds;
  training_ = training_ > 0 ? 0.5 * (training_ + report.seconds) : report.seconds;
  if (!validated_) {  // the first epoch says little, unless it took far too long
    if (clock_() < budget_ / 2) return epochs_;
    validation_ = kInference * report.seconds;
  }
  const double left = budget_ - clock_() - validation_ - (validation_ + kReport), epoch = training_ + validation_;
  const double planned = static_cast<double>(epochs_ - done) * epoch;
  if (std::abs(planned - left) <= kTolerance * budget_) return epochs_;
  const std::int64_t epochs = std::max(done, epochs_that_fit(done, left, epoch));
  if (epochs != epochs_) replanned_.changes.emplace_back(done, epochs);
  epochs_ = epochs;
  return epochs_;
}

void BudgetKeeper::after_epoch(const EpochReport& report) {
  validation_ = std::max(0.0, report.seconds - training_seconds_);  // saving included
  validated_ = true;
}

std::function<std::int64_t(const EpochReport&)> repeat(const Replanned& replanned) {
  return [replanned](const EpochReport& report) {
    std::int64_t epochs = replanned.first;
    for (const auto& [done, then] : replanned.changes)
      if (done <= report.epoch + 1) epochs = then;
    return epochs;
  };
}

}  // namespace inlay::workflow
