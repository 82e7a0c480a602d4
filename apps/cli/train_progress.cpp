#include "train_progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/grouped.h"
#include "interrupt.h"
#include "plan_text.h"

namespace wf = inlay::workflow;

namespace {

constexpr double kMuchWaiting = 0.03;  // share of an epoch

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string bytes_text(std::size_t bytes) {
  const double mb = static_cast<double>(bytes) / 1e6;
  return mb < 1000 ? fmt::format("{:.0f} MB", mb) : fmt::format("{:.1f} GB", mb / 1e3);
}

}  // namespace

std::string epoch_line(const inlay::EpochReport& report, std::int64_t epochs) {
  std::string line = fmt::format("epoch {}/{}  {}  loss {:.3f}", report.epoch + 1, epochs,
                                 duration_text(report.seconds), report.train_loss);
  if (!std::isnan(report.val_mean_iou))
    line += fmt::format("  val mIoU {:.3f}  val acc {:.3f}", report.val_mean_iou, report.val_pixel_accuracy);
  line += fmt::format("  lr {:.1e}", report.learning_rate);
  return report.best ? line + "  *best" : line;
}

wf::TrainCallbacks TrainProgress::callbacks() {
  wf::TrainCallbacks callbacks;
  callbacks.stop = interrupted;
  callbacks.on_stage = [this](const std::string& what) {
    if (console_.progress_due()) console_.progress(what);
  };
  callbacks.on_plan = [this](const inlay::RunPlan& plan) {
    const bool chosen = std::ranges::any_of(plan.choices, [](const inlay::PlanChoice& one) { return !one.asked; });
    if (chosen) console_.line(plan_text(plan));
  };
  callbacks.on_start = [this](const inlay::TrainPlan& plan, const inlay::TrainConfig& config) { start(plan, config); };
  callbacks.on_estimate = [this](double seconds) {
    console_.line(fmt::format("about {} to go", duration_text(seconds)));
  };
  callbacks.on_step = [this](const inlay::StepReport& report) { step(report); };
  callbacks.on_validation = [this](std::int64_t done, std::int64_t images) {
    if (console_.progress_due())
      console_.progress(fmt::format("scoring {} {}/{}",
                                    bar(static_cast<double>(done) / static_cast<double>(images), 24), done, images));
  };
  callbacks.on_epoch = [this](const inlay::EpochReport& report) { epoch(report); };
  callbacks.on_event = [this](const inlay::TrainEvent& e) { event(e); };
  callbacks.log = console_.log();
  return callbacks;
}

void TrainProgress::start(const inlay::TrainPlan& plan, const inlay::TrainConfig& config) {
  epochs_ = *config.epochs;
  steps_per_epoch_ = plan.steps_per_epoch;
  start_ = last_line_ = Clock::now();
  console_.line(fmt::format("data     {}: {} images to train on, {} to validate", config.data, plan.train_images,
                            plan.val_images));
  console_.line(fmt::format("network  {}: {} parameters", config.model, inlay::grouped(plan.parameters)));
  console_.line(fmt::format("run      {}: {} epochs of {} steps, {} patches {}x{} a step",
                            wf::run_folder(config).string(), epochs_, plan.steps_per_epoch, *config.batch, plan.height,
                            plan.width));
  console_.line(
      fmt::format("machine  {} threads, {} for intermediate results", plan.threads, bytes_text(plan.arena_bytes)));
}

void TrainProgress::step(const inlay::StepReport& report) {
  constexpr double kQuietSeconds = 30;
  ++steps_done_;
  epochs_ = report.epochs;
  if (!console_.terminal()) {
    if (seconds_since(last_line_) < kQuietSeconds) return;
    last_line_ = Clock::now();
    console_.line(fmt::format("epoch {}/{}  step {}/{}  {:.3g} images/s  loss {:.3f}", report.epoch + 1, report.epochs,
                              report.step + 1, report.steps_per_epoch, report.images_per_second, report.mean_loss));
    return;
  }
  if (!console_.progress_due()) return;
  const std::int64_t steps_left = (report.epochs - report.epoch) * report.steps_per_epoch - report.step - 1;
  const double left = seconds_since(start_) / static_cast<double>(steps_done_) * static_cast<double>(steps_left);
  const std::string head = fmt::format("epoch {}/{} ", report.epoch + 1, report.epochs);
  const std::string tail =
      fmt::format(" {}/{}  {:.3g} images/s  {} left  loss {:.3f}", report.step + 1, report.steps_per_epoch,
                  report.images_per_second, clock_text(left), report.mean_loss);
  const int room = console_.columns() - 1 - static_cast<int>(head.size() + tail.size());
  const double share = static_cast<double>(report.step + 1) / static_cast<double>(report.steps_per_epoch);
  console_.progress(head + bar(share, std::min(room, 24)) + tail);
}

void TrainProgress::epoch(const inlay::EpochReport& report) {
  last_line_ = Clock::now();
  console_.line(epoch_line(report, epochs_));
  if (report.waiting >= kMuchWaiting)
    console_.line(fmt::format("  waiting {:.0f} % for images: more --workers or --mem help", 100 * report.waiting));
}

void TrainProgress::event(const inlay::TrainEvent& event) {
  using Kind = inlay::TrainEvent::Kind;
  if (event.kind == Kind::resumed || event.kind == Kind::lower_rate || event.kind == Kind::early_stop ||
      event.kind == Kind::interrupted || event.kind == Kind::collapse || event.kind == Kind::recovered)
    console_.line(event.text);
}
