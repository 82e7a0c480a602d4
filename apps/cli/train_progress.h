// What a training run says while it goes on.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "console.h"
#include "inlay/workflow.h"

class TrainProgress {
 public:
  explicit TrainProgress(Console& console) : console_(console) {}

  inlay::workflow::TrainCallbacks callbacks();

 private:
  void start(const inlay::TrainPlan& plan, const inlay::TrainConfig& config);
  void step(const inlay::StepReport& report);
  void epoch(const inlay::EpochReport& report);
  void event(const inlay::TrainEvent& event);

  using Clock = std::chrono::steady_clock;

  Console& console_;
  std::int64_t epochs_ = 0, steps_per_epoch_ = 0, steps_done_ = 0;
  Clock::time_point start_{}, last_line_{};
};

/// "epoch  3/50  12 s  loss 0.312  val mIoU 0.871  val acc 0.951  lr 8.1e-04  *best"
std::string epoch_line(const inlay::EpochReport& report, std::int64_t epochs);
