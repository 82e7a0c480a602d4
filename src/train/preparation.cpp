#include "train/preparation.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/rng.h"
#include "train/names.h"
#include "train/optimizer.h"

namespace inlay {
namespace {

constexpr std::array<std::string_view, 3> kWeightings{"none", "median", "enet"};
constexpr std::array<std::string_view, 3> kPixelWeightings{"none", "border", "boundary"};

void at_least(std::string_view name, std::int64_t value, std::int64_t least) {
  if (value < least) fail_input("{} is {}; expected {} or more", name, value, least);
}

void not_negative(std::string_view name, double value) {
  if (!(value >= 0 && std::isfinite(value))) fail_input("{} is {}; expected a number of 0 or more", name, value);
}

void check_classes(const Model& model, const Dataset& dataset) {
  if (dataset.classes().size() < 2)
    fail_input(
        "the data set '{}' has one class only ({}), so there is nothing to tell apart; name a second one in its "
        "classes.txt or dataset.toml",
        dataset.root().string(), fmt::join(dataset.classes().names, ", "));
  const std::int64_t channels = model.out_channels(), told_apart = std::max<std::int64_t>(2, channels);
  if (dataset.classes().size() != told_apart)
    fail_input(
        "the data set '{}' has {} classes ({}) and the model tells {} apart; make the model with {} output channels",
        dataset.root().string(), dataset.classes().size(), fmt::join(dataset.classes().names, ", "), told_apart,
        dataset.classes().size());
}

// An untrained net has means of 0 and deviations of 1, which nobody has chosen.
bool has_normalisation(const ModelInfo& info) {
  const auto all = [](const std::vector<double>& values, double wanted) {
    return std::ranges::all_of(values, [&](double value) { return value == wanted; });
  };
  if (info.mean.empty() || info.stddev.empty()) return false;
  return !info.training.empty() || !all(info.mean, 0) || !all(info.stddev, 1);
}

std::uint64_t hash(std::uint64_t key, std::string_view text) {
  for (char c : text) key = mix_keys(key, static_cast<unsigned char>(c));
  return mix_keys(key, text.size());
}

std::string names_of(const Dataset& dataset, Split split) {
  std::uint64_t key = 0;
  for (const std::string& name : dataset.names(split)) key = hash(key, name);
  return fmt::format("{} images (names {:016x})", dataset.size(split), key);
}

std::string tensors_of(const Model& model) {
  std::uint64_t key = 0;
  std::int64_t elements = 0;
  for (const auto& [name, tensor] : model.tensors) {
    key = hash(hash(key, name), to_string(tensor.shape()));
    elements += tensor.elements();
  }
  return fmt::format("{} numbers (shapes {:016x})", elements, key);
}

std::string describe(PixelWeighting weighting, const BorderWeights& borders) {
  if (weighting == PixelWeighting::none) return std::string(to_string(weighting));
  return fmt::format("{}, w0 {}, sigma {}", to_string(weighting), borders.w0, borders.sigma);
}

std::string describe(const OptimizerOptions& o) {
  if (o.kind == OptimizerKind::sgd)
    return fmt::format("sgd, momentum {}, nesterov {}, weight decay {}", o.momentum, o.nesterov, o.weight_decay);
  return fmt::format("{}, betas {} {}, epsilon {}, weight decay {}", to_string(o.kind), o.beta1, o.beta2, o.epsilon,
                     o.weight_decay);
}

/// As large as the pictures are, within limits, and the margins around it.
PatchSize usual_patch(std::int64_t margin, const Dataset& dataset) {
  constexpr std::int64_t kLargest = 256, kLookedAt = 32;
  PatchSize largest{1, 1};
  for (std::int64_t i = 0; i < std::min(kLookedAt, dataset.size(Split::train)); ++i) {
    const Image image = dataset.read_image(Split::train, i);
    largest = {std::max(largest.height, image.height()), std::max(largest.width, image.width())};
  }
  return {std::min(kLargest, largest.height) + 2 * margin, std::min(kLargest, largest.width) + 2 * margin};
}

void say_patch(const LogSink& log, const PatchSize& asked, const PatchSize& patch, const SizeRule& rule) {
  if (patch.height != asked.height || patch.width != asked.width)
    log(Severity::info, fmt::format("patches of {}x{} become {}x{}, since the net needs {}", asked.height, asked.width,
                                    patch.height, patch.width, to_string(rule)));
  if (rule.margin == 0) return;
  const PatchSize labels{patch.height - 2 * rule.margin, patch.width - 2 * rule.margin};
  const bool one = labels.height == 1 && labels.width == 1;
  log(Severity::info, fmt::format("of a patch of {}x{} the {} in the middle {} learnt{}", patch.height, patch.width,
                                  one ? "label" : fmt::format("{}x{} labels", labels.height, labels.width),
                                  one ? "is" : "are", rule.most == 0 && one ? "; a larger size gives more" : ""));
}

std::string describe(const ScheduleOptions& s) {
  const std::string start =
      fmt::format("{}, warm-up {} steps, lowest share {}", to_string(s.kind), s.warmup_steps, s.min_rate);
  switch (s.kind) {
    case ScheduleKind::step:
      return fmt::format("{}, every {} epochs times {}", start, s.step_epochs, s.factor);
    case ScheduleKind::polynomial:
      return fmt::format("{}, power {}", start, s.power);
    case ScheduleKind::plateau:
      return fmt::format("{}, after {} epochs times {}", start, s.plateau_epochs, s.factor);
    case ScheduleKind::constant:
    case ScheduleKind::cosine:
      break;
  }
  return start;
}

}  // namespace

std::string_view to_string(ClassWeighting weighting) { return kWeightings[static_cast<std::size_t>(weighting)]; }
ClassWeighting parse_class_weighting(std::string_view text) {
  return parse_name<ClassWeighting>("class weighting", kWeightings, text);
}

std::string_view to_string(PixelWeighting weighting) { return kPixelWeightings[static_cast<std::size_t>(weighting)]; }
PixelWeighting parse_pixel_weighting(std::string_view text) {
  return parse_name<PixelWeighting>("pixel weighting", kPixelWeightings, text);
}

void check(const TrainOptions& options, const Model& model, const Dataset& dataset) {
  at_least("epochs", options.epochs, 1);
  at_least("epoch_steps", options.epoch_steps, 0);
  at_least("batch", options.batch, 1);
  at_least("height", options.height, 0);
  at_least("width", options.width, 0);
  at_least("accumulate", options.accumulate, 1);
  at_least("patience", options.patience, 0);
  at_least("validate_every", options.validate_every, 1);
  at_least("workers", options.workers, 1);
  at_least("save_every", options.save_every, 1);
  at_least("bn_batches", options.bn_batches, 0);
  at_least("recoveries", options.recoveries, 0);
  if (!(options.ema >= 0 && options.ema < 1)) fail_input("ema is {}; expected 0 or more and below 1", options.ema);
  not_negative("learning_rate", options.learning_rate);
  not_negative("clip", options.clip);
  not_negative("aux_weight", options.aux_weight);
  not_negative("save_minutes", options.save_minutes);
  check(options.schedule);
  options.augment.check();
  options.borders.check();
  if (options.resume && options.directory.empty())
    fail_input("a run without a folder cannot be resumed; give its directory");
  if (dataset.size(Split::train) == 0) fail_input("the data set '{}' has no training images", dataset.root().string());
  check_classes(model, dataset);
}

PatchSize choose_patch(const TrainOptions& options, const Model& model, const Dataset& dataset) {
  const SizeRule& rule = model.info.size;
  PatchSize patch{options.height, options.width};
  if (patch.height == 0 || patch.width == 0) {
    const PatchSize usual = rule.patch > 0 ? PatchSize{rule.patch, rule.patch} : usual_patch(rule.margin, dataset);
    if (patch.height == 0) patch.height = usual.height;
    if (patch.width == 0) patch.width = usual.width;
  }
  const PatchSize rounded{rule.fit(patch.height), rule.fit(patch.width)};
  if (options.log) say_patch(options.log, patch, rounded, rule);
  return rounded;
}

Settings describe(const TrainOptions& options, const PatchSize& patch, const Model& model, const Dataset& dataset) {
  const double rate = options.learning_rate > 0 ? options.learning_rate : default_learning_rate(options.optimizer.kind);
  Settings settings{{"seed", fmt::format("{}", options.seed)},
                    {"batch", fmt::format("{}", options.batch)},
                    {"patch", fmt::format("{}x{}", patch.height, patch.width)},
                    {"learning rate", fmt::format("{}", rate)},
                    {"optimizer", describe(options.optimizer)},
                    {"schedule", describe(options.schedule)},
                    {"loss", options.loss},
                    {"auxiliary loss", fmt::format("{}", options.aux_weight)},
                    {"class weights", std::string(to_string(options.class_weights))},
                    {"pixel weights", describe(options.pixel_weights, options.borders)},
                    {"clip", fmt::format("{}", options.clip)},
                    {"accumulate", fmt::format("{}", options.accumulate)},
                    {"augmentation", describe(options.augment)},
                    {"model", model.info.architecture},
                    {"model tensors", tensors_of(model)},
                    {"channels", fmt::format("{}", model.in_channels())},
                    {"classes", fmt::format("{}", fmt::join(dataset.classes().names, ", "))},
                    {"training data", names_of(dataset, Split::train)},
                    {"validation data", names_of(dataset, Split::val)}};
  // Left out where it has no effect: a state of a time without the option can be gone on with.
  if (options.epoch_steps > 0) settings["steps of an epoch"] = fmt::format("{}", options.epoch_steps);
  if (options.validate_every > 1) settings["validate every"] = fmt::format("{} epochs", options.validate_every);
  if (options.ema > 0) settings["moving average"] = fmt::format("{}", options.ema);
  if (options.bn_batches > 0) settings["batch norm statistics"] = fmt::format("of {} batches", options.bn_batches);
  if (options.label_smoothing > 0) settings["label smoothing"] = fmt::format("{}", options.label_smoothing);
  for (const auto& [name, value] : model.info.settings) settings["model " + name] = value;
  return settings;
}

void measure(Progress& progress, const TrainOptions& options, const Model& model, const Dataset& dataset) {
  progress.mean = model.info.mean;
  progress.stddev = model.info.stddev;
  // A broken file among the validation images is better found now than after the first epoch.
  if (dataset.size(Split::val) > 0) measure_statistics(dataset, Split::val, model.in_channels());
  const bool weighted = options.class_weights != ClassWeighting::none;
  const bool normalised = has_normalisation(model.info);
  if (normalised && !weighted) return;
  const DataStatistics statistics = measure_statistics(dataset, Split::train, model.in_channels());
  if (!normalised) {
    progress.mean.assign(statistics.mean.begin(), statistics.mean.end());
    progress.stddev.assign(statistics.std.begin(), statistics.std.end());
    if (model.info.channel_order == ChannelOrder::bgr)
      for (std::vector<double>* values : {&progress.mean, &progress.stddev}) std::ranges::reverse(*values);
  }
  if (options.class_weights == ClassWeighting::median) progress.class_weights = median_frequency_weights(statistics);
  if (options.class_weights == ClassWeighting::enet) progress.class_weights = enet_weights(statistics);
}

}  // namespace inlay
