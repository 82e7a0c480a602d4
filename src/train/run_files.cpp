#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "train/trainer.h"

namespace inlay {
namespace {

std::string cell(double value) { return std::isnan(value) ? "" : fmt::format("{:.6g}", value); }

std::string folder_name(const std::filesystem::path& path) {
  const std::filesystem::path whole = std::filesystem::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

}  // namespace

std::string metrics_csv(std::span<const EpochReport> history) {
  std::string csv =
      "epoch,learning_rate,train_loss,val_loss,val_mean_iou,val_pixel_accuracy,seconds,images_per_second,waiting,"
      "best\n";
  for (const EpochReport& r : history)
    csv += fmt::format("{},{},{},{},{},{},{:.2f},{:.2f},{:.3f},{}\n", r.epoch + 1, cell(r.learning_rate),
                       cell(r.train_loss), cell(r.val_loss), cell(r.val_mean_iou), cell(r.val_pixel_accuracy),
                       r.seconds, r.images_per_second, r.waiting, r.best ? 1 : 0);
  return csv;
}

// No times in here: the same run gives the same file.
void Trainer::describe_training(std::int64_t epochs) {
  std::map<std::string, std::string>& training = model_.info.training;
  training.clear();
  training["data"] = folder_name(dataset_.root());
  training["images"] = fmt::format("{}", dataset_.size(Split::train));
  training["epochs"] = fmt::format("{}", epochs);
  training["seed"] = fmt::format("{}", options_.seed);
  training["loss"] = options_.loss;
  training["optimizer"] = to_string(options_.optimizer.kind);
  if (epochs == 0) return;
  const EpochReport& last = progress_.history[static_cast<std::size_t>(epochs - 1)];
  training["train_loss"] = fmt::format("{:.6g}", last.train_loss);
  if (!std::isnan(last.val_mean_iou)) training["val_mean_iou"] = fmt::format("{:.6g}", last.val_mean_iou);
}

void Trainer::save_epoch(const EpochReport& report) {
  describe_training(progress_.epoch);
  const bool scored = progress_.scored_epoch == report.epoch;
  if (scored) published_->info = model_.info;
  if (!directory_) return;
  if (report.best) save_model(*published_, directory_->best());
  if (scored) save_model(*published_, directory_->last());
  write_file(directory_->metrics(), metrics_csv(progress_.history));
  if (progress_.epoch % options_.save_every == 0 || progress_.epoch == progress_.epochs || out_of_patience())
    save_state();
}

void Trainer::save_interrupted() {
  describe_training(std::ssize(progress_.history));
  publish(false);
  if (directory_) {
    save_model(*published_, directory_->last());
    save_state();
  }
  say(TrainEvent::Kind::interrupted,
      fmt::format("stopped in epoch {} after {} of {} steps", progress_.epoch + 1, progress_.step, steps_per_epoch_));
}

void Trainer::save_state() {
  last_save_ = Clock::now();
  if (!directory_) return;
  progress_.seconds = progress_.step > 0 ? epoch_seconds() : 0;
  save_checkpoint(directory_->state(), progress_, settings_, state_tensors(),
                  good_ && !at_good_moment() ? &*good_ : nullptr);
  say(TrainEvent::Kind::saved, fmt::format("'{}'", directory_->state().string()));
}

}  // namespace inlay
