#include "workflow/tensorboard/run_events.h"

#include <array>

#include "base/fail.h"

namespace inlay::workflow {

void RunEvents::after_step(const StepReport& report) {
  step_ = report.epoch * report.steps_per_epoch + report.step + 1;
  const std::array<EventFile::Scalar, 2> scalars{{{"loss/step", report.loss}, {"learning_rate", report.learning_rate}}};
  file_.add(step_, scalars);
}

void RunEvents::after_epoch(const EpochReport& report) {
  std::vector<EventFile::Scalar> scalars{{"loss/train", report.train_loss},
                                         {"loss/validation", report.val_loss},
                                         {"score/mean_iou", report.val_mean_iou},
                                         {"score/pixel_accuracy", report.val_pixel_accuracy},
                                         {"time/images_per_second", report.images_per_second},
                                         {"time/waiting", report.waiting}};
  for (std::size_t i = 0; i < std::min(classes_.size(), report.val_class_iou.size()); ++i)
    scalars.emplace_back("class_iou/" + classes_[i], report.val_class_iou[i]);
  file_.add(step_, scalars);
  for (int i = 0;; ++i) {
    const std::filesystem::path png = run_ / "progress" / fmt::format("epoch-{}-{}.png", report.epoch + 1, i);
    if (!std::filesystem::exists(png)) break;
    file_.add_picture(step_, fmt::format("prediction/{}", i), png);
  }
}

}  // namespace inlay::workflow
