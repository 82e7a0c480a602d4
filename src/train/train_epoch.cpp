// The training part of an epoch.
#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "train/trainer.h"

namespace inlay {
namespace {

// Of the run's random streams, this one feeds dropout.
std::uint64_t step_seed(std::uint64_t seed, std::int64_t batch) {
  constexpr std::uint64_t kDropout = 0x64726f70;
  return mix_keys(mix_keys(seed, kDropout), static_cast<std::uint64_t>(batch));
}

}  // namespace

Trainer::End Trainer::train_epoch() {
  while (progress_.step < steps_per_epoch_) {
    if (!step()) return End::went_back;
    if (asked_to_stop()) {
      save_interrupted();
      return End::stopped;
    }
    const double minutes = std::chrono::duration<double>(Clock::now() - last_save_).count() / 60;
    if (options_.save_minutes > 0 && minutes > options_.save_minutes) save_state();
  }
  return End::done;
}

bool Trainer::step() {
  const std::int64_t batches =
      options_.epoch_steps > 0 ? options_.accumulate
                               : std::min(options_.accumulate, pass_batches_ - progress_.step * options_.accumulate);
  const double loss = run_batches(batches);
  const SlotValues gradients = gradient_sum_ ? gradient_sum_->values(graph_.parameters) : gradients_->values();
  const double mean = 1 / static_cast<double>(batches);
  const double length = norm(gradients) * mean;
  progress_.last_rate =
      learning_rate(options_.schedule, base_rate_ * recovery_factor(),
                    {progress_.total_steps, progress_.epochs * steps_per_epoch_, steps_per_epoch_}, progress_.plateau);
  if (!std::isfinite(loss) || !std::isfinite(length)) {
    go_back(std::isfinite(loss) ? not_finite("gradient's norm", length) : not_finite("loss", loss));
    return false;
  }
  optimizer_.step(weights_, gradients, progress_.last_rate, mean * clip_factor(length, options_.clip));
  if (progress_.total_steps == 0) progress_.first_loss = loss;
  ++progress_.step;
  ++progress_.total_steps;
  if (averages_) averages_->update(weights_.all(), model_.tensors, progress_.total_steps);
  progress_.loss_sum += loss;
  images_in_epoch_ += batches * options_.batch;
  if (options_.on_step) report_step(loss, length);
  return true;
}

void Trainer::report_step(double loss, double gradient_norm) const {
  const double seconds = std::chrono::duration<double>(Clock::now() - epoch_start_).count();
  options_.on_step({progress_.epoch, progress_.step - 1, progress_.epochs, steps_per_epoch_, loss,
                    progress_.loss_sum / static_cast<double>(progress_.step), gradient_norm, progress_.last_rate,
                    static_cast<double>(images_in_epoch_) / std::max(seconds, 1e-9)});
}

// The mean loss; the gradients' sum is left in gradient_sum_, or in the program when there is one batch a step.
double Trainer::run_batches(std::int64_t count) {
  double loss = 0;
  if (gradient_sum_) std::ranges::fill(gradient_sum_->all(), 0.0f);
  for (std::int64_t i = 0; i < count; ++i) {
    const Batch batch = loader_->next();
    std::ranges::copy(batch.images.data<float>(), images_.begin());
    std::ranges::copy(batch.labels.data<std::uint8_t>(), labels_.begin());
    if (!pixel_weights_.empty()) std::ranges::copy(batch.weights.data<float>(), pixel_weights_.begin());
    program_->run(step_seed(options_.seed, batch.epoch * pass_batches_ + batch.index));
    loss += static_cast<double>(*loss_);
    if (gradient_sum_) add_scaled(*gradient_sum_, graph_.parameters, gradients_->values(), 1);
  }
  return loss / static_cast<double>(count);
}

}  // namespace inlay
