// What a run tells TensorBoard. Steps are those of training.
#pragma once

#include <vector>

#include "inlay/dataset.h"
#include "inlay/train.h"
#include "workflow/tensorboard/event_file.h"

namespace inlay::workflow {

class RunEvents {
 public:
  /// Writes to RUN/tensorboard.
  RunEvents(std::filesystem::path run, std::vector<std::string> classes)
      : run_(std::move(run)), classes_(std::move(classes)), file_(run_ / "tensorboard") {}

  /// loss/step, learning_rate
  void after_step(const StepReport& report);
  /// loss/train, loss/validation, score/..., class_iou/NAME, time/...; and the pictures of RUN/progress of that epoch.
  void after_epoch(const EpochReport& report);

 private:
  std::filesystem::path run_;
  std::vector<std::string> classes_;
  EventFile file_;
  std::int64_t step_ = 0;
};

}  // namespace inlay::workflow
