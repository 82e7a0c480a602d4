// A run's number of epochs while it goes on.
#pragma once

#include <chrono>
#include <functional>

#include "inlay/plan.h"
#include "inlay/train.h"

namespace inlay::workflow {

/// Lets the run end when its budget does: after every epoch it counts anew how many more there is time for, and writes
/// down what it changed, since the learning rate depends on it. A difference of 3 % of the budget is let be.
class BudgetKeeper {
 public:
  using Clock = std::function<double()>;  // seconds since the run began

  BudgetKeeper(const RunPlan& plan, Clock clock);

  /// TrainOptions::replan.
  std::int64_t after_training(const EpochReport& report);
  /// After the same epoch's validation.
  void after_epoch(const EpochReport& report);

  const Replanned& replanned() const { return replanned_; }

 private:
  double budget_;
  double training_ = 0, training_seconds_ = 0, validation_ = 0;  // of an epoch: the usual, the last, the last
  bool validated_ = false;
  std::int64_t epochs_;
  Clock clock_;
  Replanned replanned_;
};

/// TrainOptions::replan that does what an earlier run did.
std::function<std::int64_t(const EpochReport&)> repeat(const Replanned& replanned);

}  // namespace inlay::workflow
