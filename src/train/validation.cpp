// What follows the training part of an epoch: scores, and what they decide.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "train/batch_statistics.h"
#include "train/trainer.h"

namespace inlay {

Trainer::End Trainer::finish_epoch() {
  EpochReport report;
  const double train_seconds = std::chrono::duration<double>(Clock::now() - epoch_start_).count();
  report.epoch = progress_.epoch;
  report.learning_rate = progress_.last_rate;
  report.train_loss = progress_.loss_sum / static_cast<double>(steps_per_epoch_);
  report.images_per_second = static_cast<double>(images_in_epoch_) / std::max(train_seconds, 1e-9);
  report.waiting = (loader_->waited_seconds() - waited_before_) / std::max(train_seconds, 1e-9);
  report.seconds = epoch_seconds();
  replan(report);
  if (const End end = score_epoch(report); end != End::done) {
    if (end == End::stopped) save_interrupted();
    return end;
  }
  report.seconds = epoch_seconds();
  progress_.history.push_back(report);
  progress_.epoch += 1;
  progress_.step = 0;
  progress_.loss_sum = 0;
  if (progress_.scored_epoch == report.epoch && !diverging(report)) remember();
  save_epoch(report);
  if (options_.on_epoch) options_.on_epoch(report);
  return End::done;
}

Trainer::End Trainer::score_epoch(EpochReport& report) {
  if (dataset_.size(Split::val) == 0) {
    if (!publish(true)) return End::stopped;
    note_score(report);
  } else if (validation_due()) {
    const std::optional<Evaluation> evaluation = validate();
    if (!evaluation) return End::stopped;
    if (!std::isfinite(evaluation->cross_entropy) && evaluation->confusion.total() > 0) {
      go_back(not_finite("validation loss", evaluation->cross_entropy));
      return End::went_back;
    }
    report.validated = true;
    report.val_loss = evaluation->cross_entropy;
    report.val_mean_iou = evaluation->scores.mean_iou;
    report.val_pixel_accuracy = evaluation->scores.pixel_accuracy;
    for (const ClassScores& one : evaluation->scores.classes) report.val_class_iou.push_back(one.iou);
    note_health(*evaluation, report);
    note_score(report);
  }
  return End::done;
}

void Trainer::replan(const EpochReport& report) {
  if (!options_.replan || progress_.replanned == progress_.epoch) return;
  progress_.epochs = std::max(progress_.epoch + 1, options_.replan(report));
  progress_.replanned = progress_.epoch;
}

bool Trainer::validation_due() const {
  const std::int64_t epochs = progress_.epoch + 1;
  return dataset_.size(Split::val) > 0 && (epochs % options_.validate_every == 0 || epochs >= progress_.epochs);
}

std::optional<Evaluation> Trainer::validate() {
  if (!publish(true)) return std::nullopt;
  SegmenterOptions segmenter_options;
  segmenter_options.threads = options_.threads;
  segmenter_options.tune = options_.tune;
  if (progress_.history.empty()) segmenter_options.log = options_.log;
  Segmenter segmenter(*published_, segmenter_options);
  EvaluateOptions options;
  options.progress = options_.on_validation;
  options.stop = options_.stop;
  const Evaluation evaluation = evaluate(segmenter, dataset_, Split::val, options);
  if (evaluation.images < dataset_.size(Split::val)) return std::nullopt;
  return evaluation;
}

bool Trainer::publish(bool exact) {
  constexpr std::uint64_t kStream = 0x73746174;  // of the run's random streams, the one for these batches
  Model model = model_;
  if (averages_) model.tensors = averages_->tensors();
  if (exact && options_.bn_batches > 0) {
    LoaderOptions options = loader_options();
    options.seed = mix_keys(options_.seed, kStream);
    options.start_epoch = progress_.epoch;
    options.cache_bytes = 0;
    Loader loader(dataset_, options);
    StatisticsOptions statistics{options_.bn_batches, mix_keys(options.seed, 1), {}, options_.stop};
    statistics.program.threads = options_.threads;
    statistics.program.constant_parameters = false;
    statistics.program.tune = options_.tune;
    if (!estimate_statistics(model, loader, options, statistics)) return false;
  }
  published_ = std::move(model);
  return true;
}

void Trainer::note_score(EpochReport& report) {
  const double score = report.validated ? report.val_mean_iou : -report.train_loss;
  report.best = progress_.best_epoch < 0 || score > progress_.best_score ||
                (std::isnan(progress_.best_score) && !std::isnan(score));
  if (report.best) {
    progress_.best_epoch = report.epoch;
    progress_.best_score = score;
    say(TrainEvent::Kind::best, report.validated ? fmt::format("validation mIoU {:.4f}", score)
                                                 : fmt::format("training loss {:.4f}", report.train_loss));
  }
  const std::int64_t epochs = report.epoch - progress_.scored_epoch;
  progress_.scored_epoch = report.epoch;
  if (observe(progress_.plateau, options_.schedule, score, epochs))
    say(TrainEvent::Kind::lower_rate,
        fmt::format("the learning rate goes down to {:.3g}",
                    base_rate_ * recovery_factor() * std::max(progress_.plateau.factor, options_.schedule.min_rate)));
}

bool Trainer::out_of_patience() const {
  return options_.patience > 0 && progress_.best_epoch >= 0 && progress_.scored_epoch == progress_.epoch - 1 &&
         progress_.epoch - 1 - progress_.best_epoch >= options_.patience;
}

}  // namespace inlay
