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

bool Trainer::train_epoch() {
  while (progress_.step < steps_per_epoch_) {
    step();
    if (asked_to_stop()) {
      save_interrupted();
      return false;
    }
    const double minutes = std::chrono::duration<double>(Clock::now() - last_save_).count() / 60;
    if (options_.save_minutes > 0 && minutes > options_.save_minutes) save_state();
  }
  return true;
}

void Trainer::step() {
  const std::int64_t batches = std::min(options_.accumulate, batches_per_epoch_ - progress_.step * options_.accumulate);
  const double loss = run_batches(batches);
  Arena& gradients = gradient_sum_ ? *gradient_sum_ : gradients_;
  const double mean = 1 / static_cast<double>(batches);
  const double length = norm(gradients.all()) * mean;
  check_finite(loss, length);
  progress_.last_rate =
      learning_rate(options_.schedule, base_rate_,
                    {progress_.total_steps, progress_.epochs * steps_per_epoch_, steps_per_epoch_}, progress_.plateau);
  optimizer_.step(weights_.all(), gradients.all(), progress_.last_rate, mean * clip_factor(length, options_.clip));
  ++progress_.step;
  ++progress_.total_steps;
  progress_.loss_sum += loss;
  images_in_epoch_ += batches * options_.batch;
  if (!options_.on_step) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - epoch_start_).count();
  options_.on_step({progress_.epoch, progress_.step - 1, progress_.epochs, steps_per_epoch_, loss,
                    progress_.loss_sum / static_cast<double>(progress_.step), length, progress_.last_rate,
                    static_cast<double>(images_in_epoch_) / std::max(seconds, 1e-9)});
}

// The mean loss; the gradients' sum is left in gradient_sum_, or in gradients_ when there is one batch a step.
double Trainer::run_batches(std::int64_t count) {
  double loss = 0;
  if (gradient_sum_) std::ranges::fill(gradient_sum_->all(), 0.0f);
  for (std::int64_t i = 0; i < count; ++i) {
    const Batch batch = loader_->next();
    std::ranges::copy(batch.images.data<float>(), images_.begin());
    std::ranges::copy(batch.labels.data<std::uint8_t>(), labels_.begin());
    if (!pixel_weights_.empty()) std::ranges::copy(batch.weights.data<float>(), pixel_weights_.begin());
    program_->run(step_seed(options_.seed, batch.epoch * batches_per_epoch_ + batch.index));
    loss += static_cast<double>(*loss_);
    if (gradient_sum_) add_scaled(gradient_sum_->all(), gradients_.all(), 1);
  }
  return loss / static_cast<double>(count);
}

void Trainer::check_finite(double loss, double gradient_norm) const {
  if (std::isfinite(loss) && std::isfinite(gradient_norm)) return;
  fail(
      "the {} is {} in epoch {}, step {} (learning rate {}): try a smaller learning rate, a warm-up or clipping of the "
      "gradients, and "
      "check that the masks fit the pictures{}",
      std::isfinite(loss) ? "gradient's norm" : "loss", std::isfinite(loss) ? gradient_norm : loss, progress_.epoch + 1,
      progress_.step + 1, progress_.last_rate,
      directory_ ? fmt::format("; the files in '{}' are those of the last good moment", directory_->path().string())
                 : "");
}

}  // namespace inlay
