#include "workflow/train_options.h"

#include <algorithm>
#include <array>

#include "base/fail.h"
#include "base/nearest_name.h"

namespace inlay::workflow {
namespace {

int count(std::string_view name, std::int64_t value, int least, int most) {
  if (value < least || value > most) fail_input("{} is {}; expected {} to {}", name, value, least, most);
  return static_cast<int>(value);
}

std::int64_t default_batch(std::int64_t train_images) { return std::clamp<std::int64_t>(train_images / 3, 1, 8); }

}  // namespace

DatasetOptions dataset_options(const TrainConfig& config) {
  return {.val_fraction = config.val_fraction, .val_last = config.val_last, .seed = config.split_seed};
}

AugmentOptions augmentation(const TrainConfig& config) {
  AugmentOptions options = parse_augmentation(config.augment);
  for (const auto& [name, value] : config.augment_set) set_augmentation(options, name, value);
  return options;
}

TrainOptions train_options(const TrainConfig& config, std::int64_t train_images) {
  TrainOptions options;
  options.epochs = config.epochs;
  options.batch = config.batch.value_or(default_batch(train_images));
  if (config.size) {
    options.height = config.size->height;
    options.width = config.size->width;
  }
  if (config.lr && *config.lr <= 0) fail_input("lr is {}; expected a number above 0", *config.lr);
  options.learning_rate = config.lr.value_or(0);
  options.optimizer.kind = parse_optimizer(config.optimizer);
  options.optimizer.momentum = config.momentum;
  options.optimizer.nesterov = config.nesterov;
  options.optimizer.weight_decay = config.weight_decay;
  options.schedule.kind = parse_schedule(config.schedule);
  options.schedule.warmup_steps = config.warmup;
  options.schedule.step_epochs = config.step_epochs;
  options.schedule.plateau_epochs = config.plateau_epochs;
  options.schedule.factor = config.factor;
  options.schedule.power = config.power;
  options.schedule.min_rate = config.min_lr;
  options.aux_weight = config.aux_weight;
  options.loss = config.loss;
  options.label_smoothing = config.label_smoothing;
  options.class_weights = parse_class_weighting(config.class_weights);
  options.pixel_weights = parse_pixel_weighting(config.pixel_weights);
  options.borders = {config.border_weight, config.border_sigma};
  options.clip = config.clip;
  options.ema = config.ema;
  options.bn_batches = config.bn_batches;
  options.recoveries = config.recover;
  options.accumulate = config.accumulate;
  options.patience = config.patience;
  options.validate_every = config.validate_every;
  options.augment = augmentation(config);
  options.seed = config.seed;
  options.threads = count("threads", config.threads, 0, 4096);
  options.workers = count("workers", config.workers, 1, 256);
  options.cache_bytes = config.mem.bytes;
  options.tune = config.tune;
  options.save_every = config.save_every;
  options.save_minutes = config.save_minutes;
  return options;
}

std::int64_t output_channels(const TrainConfig& config, std::int64_t classes) {
  const bool one = config.loss.find("bce") != std::string::npos;
  if (one && classes != 2)
    fail_input("the loss '{}' tells two classes apart and the data set has {}; use cross_entropy or dice", config.loss,
               classes);
  return one ? 1 : classes;
}

}  // namespace inlay::workflow
