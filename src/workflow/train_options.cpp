#include "workflow/train_options.h"

#include <algorithm>

#include "base/fail.h"
#include "inlay/split.h"

namespace inlay::workflow {
namespace {

int count(std::string_view name, std::int64_t value, int least, int most) {
  if (value < least || value > most) fail_input("{} is {}; expected {} to {}", name, value, least, most);
  return static_cast<int>(value);
}

}  // namespace

void check(const TrainConfig& config) {
  const auto at_least = [](std::string_view name, const std::optional<std::int64_t>& value, std::int64_t least) {
    if (value && *value < least) fail_input("{} is {}; expected {} or more", name, *value, least);
  };
  at_least("epochs", config.epochs, 1);
  at_least("epoch-steps", config.epoch_steps, 0);
  at_least("batch", config.batch, 1);
  at_least("accumulate", config.accumulate, 1);
  at_least("fold", config.fold, 0);
  if (config.folds != 0) at_least("folds", config.folds, 2);
  if (config.fold && *config.fold >= config.folds)
    fail_input("fold is {}; expected 0 to {}, with --folds", *config.fold, std::max<std::int64_t>(0, config.folds - 1));
  if (config.lr && *config.lr <= 0) fail_input("lr is {}; expected a number above 0", *config.lr);
  if (config.optimizer) parse_optimizer(*config.optimizer);
  if (config.schedule) parse_schedule(*config.schedule);
  if (config.class_weights) parse_class_weighting(*config.class_weights);
  parse_pixel_weighting(config.pixel_weights);
  parse_memory_use(config.memory);
  augmentation(config).check();
  parse_replanned(config.replanned);
  count("threads", config.threads, 0, 4096);
  count("workers", config.workers, 1, 256);
}

DatasetOptions dataset_options(const TrainConfig& config) {
  return {.val_fraction = config.val_fraction, .val_last = config.val_last, .seed = config.split_seed};
}

AugmentOptions augmentation(const TrainConfig& config) {
  AugmentOptions options = parse_augmentation(config.augment);
  for (const auto& [name, value] : config.augment_set) set_augmentation(options, name, value);
  return options;
}

Dataset open_training_data(const TrainConfig& config) {
  Dataset dataset = open_dataset(config.data, dataset_options(config));
  if (config.folds == 0 || !config.fold) return dataset;
  const std::vector<int> folds = assign_folds(dataset, config.folds, {config.split_seed, config.group_by});
  return dataset.with_split(fold_parts(folds, static_cast<int>(*config.fold)));
}

TrainOptions train_options(const TrainConfig& config) {
  TrainOptions options;
  options.epochs = config.epochs.value();
  options.epoch_steps = config.epoch_steps.value();
  options.batch = config.batch.value();
  options.height = config.size.value().height;
  options.width = config.size.value().width;
  options.learning_rate = config.lr.value();
  options.optimizer.kind = parse_optimizer(config.optimizer.value());
  options.optimizer.momentum = config.momentum;
  options.optimizer.nesterov = config.nesterov;
  options.optimizer.weight_decay = config.weight_decay.value();
  options.schedule.kind = parse_schedule(config.schedule.value());
  options.schedule.warmup_steps = config.warmup.value();
  options.schedule.step_epochs = config.step_epochs;
  options.schedule.plateau_epochs = config.plateau_epochs;
  options.schedule.factor = config.factor;
  options.schedule.power = config.power;
  options.schedule.min_rate = config.min_lr;
  options.aux_weight = config.aux_weight;
  options.loss = config.loss.value();
  options.label_smoothing = config.label_smoothing;
  options.class_weights = parse_class_weighting(config.class_weights.value());
  options.pixel_weights = parse_pixel_weighting(config.pixel_weights);
  options.borders = {config.border_weight, config.border_sigma};
  options.clip = config.clip;
  options.ema = config.ema.value();
  options.bn_batches = config.bn_batches.value();
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
  options.memory = parse_memory_use(config.memory);
  options.save_every = config.save_every;
  options.save_minutes = config.save_minutes;
  return options;
}

NetChoice net_choice(const TrainConfig& config, const Dataset& dataset) {
  NetChoice choice{config.model, config.set, {}, {}, config.seed};
  if (config.width) choice.settings["width"] = fmt::format("{}", *config.width);
  if (config.depth) choice.settings["depth"] = fmt::format("{}", *config.depth);
  if (config.up) choice.settings["up"] = *config.up;
  choice.init = config.init;
  if (names_model_file(config.model)) return choice;
  choice.channels = config.channels ? *config.channels : dataset.channels();
  choice.classes = output_channels(config, dataset.classes().size());
  return choice;
}

std::int64_t output_channels(const TrainConfig& config, std::int64_t classes) {
  const std::string loss = config.loss.value_or("");
  const bool one = loss.find("bce") != std::string::npos;
  if (one && classes != 2)
    fail_input("the loss '{}' tells two classes apart and the data set has {}; use cross_entropy or dice", loss,
               classes);
  return one ? 1 : classes;
}

}  // namespace inlay::workflow
