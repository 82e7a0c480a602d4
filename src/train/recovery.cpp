// When training goes wrong: what is noticed, and the way back to the last good moment.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "train/health.h"
#include "train/trainer.h"

namespace inlay {
namespace {

// Of the learning rate, each time.
constexpr double kRateFactor = 0.1;
// Validations in a row with nothing told apart and no lower training loss, before a run goes back.
constexpr std::int64_t kStaleValidations = 3;
// The training loss has fallen when it is below this share of the lowest before.
constexpr double kLower = 0.999;
// An epoch's training loss above so many times that of the run's first step is on its way to infinity.
constexpr double kHigher = 2;

// Without the sign that a processor may give a NaN.
std::string text_of(double value) { return std::isnan(value) ? "nan" : fmt::format("{:.3g}", value); }

double lowest_loss(std::span<const EpochReport> history) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const EpochReport& report : history) lowest = std::min(lowest, report.train_loss);
  return lowest;
}

double last_mean_iou(std::span<const EpochReport> history) {
  double last = std::numeric_limits<double>::quiet_NaN();
  for (const EpochReport& report : history)
    if (report.validated) last = report.val_mean_iou;
  return last;
}

void copy_all(const std::map<std::string, Tensor>& from, std::map<std::string, Tensor>& to) {
  for (const auto& [name, tensor] : from) {
    const auto [place, made] = to.try_emplace(name, tensor.type(), tensor.shape());
    std::copy_n(tensor.raw(), tensor.bytes(), place->second.raw());
  }
}

}  // namespace

std::string Trainer::not_finite(std::string_view what, double value) const {
  return fmt::format("the {} is {} in epoch {}, step {} (learning rate {:.3g})", what, text_of(value),
                     progress_.epoch + 1, std::min(progress_.step + 1, steps_per_epoch_), progress_.last_rate);
}

double Trainer::recovery_factor() const { return std::pow(kRateFactor, static_cast<double>(progress_.recoveries)); }

void Trainer::note_health(const Evaluation& evaluation, const EpochReport& report) {
  const std::optional<std::int64_t> only = only_class(evaluation.confusion);
  const bool falling = report.val_mean_iou <= guess_mean_iou(evaluation.confusion) &&
                       report.val_mean_iou < last_mean_iou(progress_.history);
  if (!only && !falling) {
    progress_.trivial_validations = progress_.stale_validations = 0;
    return;
  }
  const std::string found =
      only ? fmt::format("'{}' in every pixel", dataset_.classes().names[static_cast<std::size_t>(*only)])
           : fmt::format("less and less, and no more than a guess would (mIoU {:.3f})", report.val_mean_iou);
  if (progress_.trivial_validations++ == 0)
    say(TrainEvent::Kind::collapse,
        fmt::format("validation finds {}, which is not rare in the first epochs; if it stays: a smaller learning rate, "
                    "--class-weights median, 'inlay data check' for the labels",
                    found));
  const bool learning = report.train_loss < kLower * lowest_loss(progress_.history);
  progress_.stale_validations = learning ? 0 : progress_.stale_validations + 1;
}

bool Trainer::collapsed() const { return options_.recoveries > 0 && progress_.stale_validations >= kStaleValidations; }

// No moment to go back to: what is not finite yet will soon be.
bool Trainer::diverging(const EpochReport& report) const { return report.train_loss > kHigher * progress_.first_loss; }

void Trainer::remember() {
  if (options_.recoveries == 0 || progress_.trivial_validations > 0) return;
  if (!good_) good_.emplace();
  good_->progress = progress_;
  copy_all(state_tensors(), good_->tensors);
}

bool Trainer::at_good_moment() const {
  return good_ && progress_.step == 0 && good_->progress.total_steps == progress_.total_steps;
}

void Trainer::go_back(const std::string& trouble) {
  if (progress_.recoveries >= options_.recoveries) give_up(trouble);
  good_->progress.recoveries = progress_.recoveries + 1;
  good_->progress.epochs = progress_.epochs;
  good_->progress.asked_epochs = progress_.asked_epochs;
  progress_ = good_->progress;
  std::map<std::string, Tensor> tensors = state_tensors();
  copy_all(good_->tensors, tensors);
  optimizer_.restore_steps(progress_.total_steps);
  make_loader();
  say(TrainEvent::Kind::recovered,
      fmt::format("{}: back to {}, and on with a tenth of the learning rate ({} of {} times)", trouble,
                  progress_.epoch == 0 ? "the start" : fmt::format("the end of epoch {}", progress_.epoch),
                  progress_.recoveries, options_.recoveries));
}

void Trainer::give_up(const std::string& trouble) const {
  fail(
      "{}{}: try a smaller learning rate, a warm-up or clipping of the gradients, and check that the masks fit the "
      "pictures{}",
      trouble,
      progress_.recoveries > 0 ? fmt::format(", although it was lowered {} time{} already", progress_.recoveries,
                                             progress_.recoveries > 1 ? "s" : "")
                               : "",
      directory_ ? fmt::format("; the files in '{}' are those of the last good moment", directory_->path().string())
                 : "");
}

}  // namespace inlay
