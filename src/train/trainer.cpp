#include "train/trainer.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "base/threads.h"

namespace inlay {
namespace {

double rate_of(const TrainOptions& options) {
  return options.learning_rate > 0 ? options.learning_rate : default_learning_rate(options.optimizer.kind);
}

TrainingGraph training_graph(const Model& model, const PatchSize& patch, const TrainOptions& options) {
  const bool borders = options.pixel_weights == PixelWeighting::border;
  return make_training_graph(model.graph, {options.batch, model.in_channels(), patch.height, patch.width},
                             {.name = options.loss,
                              .class_weights = options.class_weights != ClassWeighting::none && !borders,
                              .pixel_weights = borders,
                              .aux_weight = options.aux_weight},
                             model.info.size.margin);
}

// Of the run's random streams, this one feeds dropout.
std::uint64_t step_seed(std::uint64_t seed, std::int64_t batch) {
  constexpr std::uint64_t kDropout = 0x64726f70;
  return mix_keys(mix_keys(seed, kDropout), static_cast<std::uint64_t>(batch));
}

}  // namespace

Trainer::Trainer(const Model& model, const Dataset& dataset, const TrainOptions& options)
    : dataset_(dataset),
      options_((check(options, model, dataset), options)),
      base_rate_(rate_of(options)),
      patch_(choose_patch(options, model, dataset)),
      settings_(describe(options, patch_, model, dataset)),
      model_(model),
      graph_(training_graph(model, patch_, options)),
      weights_(graph_.parameters),
      gradients_(graph_.parameters),
      optimizer_(options.optimizer, graph_.parameters) {
  if (options_.accumulate > 1) gradient_sum_.emplace(graph_.parameters);
  if (!options_.directory.empty()) directory_.emplace(options_.directory, options_.resume);
  bind_model();
  start();
  make_program();
  make_loader();
}

void Trainer::bind_model() {
  const std::map<std::string, Tensor> places = weights_.views(graph_.parameters);
  for (auto& [name, tensor] : model_.tensors) {
    const auto place = places.find(name);
    Tensor own = place == places.end() ? Tensor(tensor.type(), tensor.shape()) : place->second;
    std::copy_n(tensor.raw(), tensor.bytes(), own.raw());
    tensor = std::move(own);
  }
  model_.info.classes.clear();
  const ClassTable& classes = dataset_.classes();
  for (std::size_t i = 0; i < classes.names.size(); ++i)
    model_.info.classes.push_back({classes.names[i], classes.colors[i]});
}

void Trainer::start() {
  if (options_.resume) {
    const std::filesystem::path path = directory_->state();
    const Checkpoint checkpoint = load_checkpoint(path);
    check_settings(checkpoint.settings, settings_, path);
    std::map<std::string, Tensor> targets = optimizer_.moments();
    for (const auto& [name, tensor] : model_.tensors) targets.emplace("model/" + name, tensor);
    restore_tensors(checkpoint, targets, path);
    progress_ = checkpoint.progress;
    optimizer_.restore_steps(progress_.total_steps);
    note_changes();
    say(TrainEvent::Kind::resumed,
        fmt::format("goes on with epoch {} after {} steps", progress_.epoch + 1, progress_.total_steps));
  } else {
    measure(progress_, options_, model_, dataset_);
  }
  progress_.epochs = options_.epochs;
  progress_.threads = thread_count();
  model_.info.mean = progress_.mean;
  model_.info.stddev = progress_.stddev;
}

// What may change in a resumed run, but not without a word.
void Trainer::note_changes() const {
  if (!options_.log) return;
  const ScheduleKind schedule = options_.schedule.kind;
  if (progress_.epochs != options_.epochs && (schedule == ScheduleKind::cosine || schedule == ScheduleKind::polynomial))
    options_.log(
        Severity::warning,
        fmt::format("the run was planned for {} epochs, now for {}: the {} schedule stretches to the new number",
                    progress_.epochs, options_.epochs, to_string(schedule)));
  if (progress_.threads != thread_count())
    options_.log(
        Severity::warning,
        fmt::format("the run was started with {} threads, now it has {}: the numbers may differ in the last digits",
                    progress_.threads, thread_count()));
}

void Trainer::make_program() {
  Bindings leaves(model_.tensors.begin(), model_.tensors.end());
  ProgramOptions options;
  options.threads = options_.threads;
  options.constant_parameters = false;
  options.tune = options_.tune;
  options.log = options_.log;
  program_.emplace(graph_.graph, leaves, gradients_.views(graph_.gradients), options);
  Tensor images = program_->input("image"), labels = program_->input("labels");
  images_ = images.data<float>();
  labels_ = labels.data<std::uint8_t>();
  loss_ = program_->output("loss").data<float>().data();
  const bool borders = options_.pixel_weights == PixelWeighting::border;
  if (borders) pixel_weights_ = program_->input("pixel_weights").data<float>();
  if (!progress_.class_weights.empty() && !borders)
    std::ranges::copy(progress_.class_weights, program_->input("class_weights").data<float>().begin());
}

void Trainer::make_loader() {
  LoaderOptions options;
  options.batch = options_.batch;
  options.height = patch_.height;
  options.width = patch_.width;
  options.channels = model_.in_channels();
  options.mean.assign(progress_.mean.begin(), progress_.mean.end());
  options.std.assign(progress_.stddev.begin(), progress_.stddev.end());
  options.order = model_.info.channel_order;
  options.margin = model_.info.size.margin;
  if (options_.pixel_weights == PixelWeighting::border) options.borders = options_.borders;
  options.class_weights = progress_.class_weights;
  options.augment = options_.augment;
  options.seed = options_.seed;
  options.workers = options_.workers;
  batches_per_epoch_ = (dataset_.size(Split::train) + options_.batch - 1) / options_.batch;
  steps_per_epoch_ = (batches_per_epoch_ + options_.accumulate - 1) / options_.accumulate;
  const bool epoch_trained = progress_.step >= steps_per_epoch_;
  options.start_epoch = progress_.epoch + (epoch_trained ? 1 : 0);
  options.start_batch = epoch_trained ? 0 : progress_.step * options_.accumulate;
  loader_ = std::make_unique<Loader>(dataset_, options);
}

void Trainer::announce() {
  if (!options_.on_start) return;
  std::int64_t parameters = 0;
  for (const ArenaLayout::Slot& slot : graph_.parameters.slots) parameters += slot.shape.elements();
  options_.on_start({patch_.height, patch_.width, dataset_.size(Split::train), dataset_.size(Split::val),
                     steps_per_epoch_, progress_.epoch, progress_.step, parameters, program_->arena_bytes(),
                     thread_count()});
}

TrainResult Trainer::run() {
  const Clock::time_point start = Clock::now();
  last_save_ = start;
  announce();
  TrainResult result;
  earlier_seconds_ = progress_.seconds;
  while (progress_.epoch < options_.epochs && !out_of_patience()) {
    epoch_start_ = Clock::now();
    images_in_epoch_ = 0;
    if (!train_epoch() || !finish_epoch()) {
      result.interrupted = true;
      break;
    }
    earlier_seconds_ = 0;
  }
  result.stopped_early = !result.interrupted && progress_.epoch < options_.epochs;
  if (result.stopped_early)
    say(TrainEvent::Kind::early_stop, fmt::format("no better score for {} epochs", options_.patience));
  result.history = progress_.history;
  result.steps = progress_.total_steps;
  result.best_epoch = progress_.best_epoch;
  result.best_score = progress_.best_score;
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

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
                    {progress_.total_steps, options_.epochs * steps_per_epoch_, steps_per_epoch_}, progress_.plateau);
  optimizer_.step(weights_.all(), gradients.all(), progress_.last_rate, mean * clip_factor(length, options_.clip));
  ++progress_.step;
  ++progress_.total_steps;
  progress_.loss_sum += loss;
  images_in_epoch_ += batches * options_.batch;
  if (!options_.on_step) return;
  const double seconds = std::chrono::duration<double>(Clock::now() - epoch_start_).count();
  options_.on_step({progress_.epoch, progress_.step - 1, options_.epochs, steps_per_epoch_, loss,
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

bool Trainer::finish_epoch() {
  EpochReport report;
  const double train_seconds = std::chrono::duration<double>(Clock::now() - epoch_start_).count();
  report.epoch = progress_.epoch;
  report.learning_rate = progress_.last_rate;
  report.train_loss = progress_.loss_sum / static_cast<double>(steps_per_epoch_);
  report.images_per_second = static_cast<double>(images_in_epoch_) / std::max(train_seconds, 1e-9);
  if (dataset_.size(Split::val) > 0) {
    const std::optional<Evaluation> evaluation = validate();
    if (!evaluation) {
      save_interrupted();
      return false;
    }
    report.val_loss = evaluation->cross_entropy;
    report.val_mean_iou = evaluation->scores.mean_iou;
    report.val_pixel_accuracy = evaluation->scores.pixel_accuracy;
  }
  note_score(report);
  report.seconds = epoch_seconds();
  progress_.history.push_back(report);
  progress_.epoch += 1;
  progress_.step = 0;
  progress_.loss_sum = 0;
  save_epoch(report);
  if (options_.on_epoch) options_.on_epoch(report);
  return true;
}

std::optional<Evaluation> Trainer::validate() {
  SegmenterOptions segmenter_options;
  segmenter_options.threads = options_.threads;
  segmenter_options.tune = options_.tune;
  if (progress_.history.empty()) segmenter_options.log = options_.log;
  Segmenter segmenter(model_, segmenter_options);
  EvaluateOptions options;
  options.progress = options_.on_validation;
  options.stop = options_.stop;
  const Evaluation evaluation = evaluate(segmenter, dataset_, Split::val, options);
  if (evaluation.images < dataset_.size(Split::val)) return std::nullopt;
  return evaluation;
}

void Trainer::note_score(EpochReport& report) {
  const bool validated = dataset_.size(Split::val) > 0;
  const double score = validated ? report.val_mean_iou : -report.train_loss;
  report.best = progress_.best_epoch < 0 || score > progress_.best_score ||
                (std::isnan(progress_.best_score) && !std::isnan(score));
  if (report.best) {
    progress_.best_epoch = report.epoch;
    progress_.best_score = score;
    say(TrainEvent::Kind::best, validated ? fmt::format("validation mIoU {:.4f}", score)
                                          : fmt::format("training loss {:.4f}", report.train_loss));
  }
  if (observe(progress_.plateau, options_.schedule, score))
    say(TrainEvent::Kind::lower_rate,
        fmt::format("the learning rate goes down to {:.3g}",
                    base_rate_ * std::max(progress_.plateau.factor, options_.schedule.min_rate)));
}

bool Trainer::out_of_patience() const {
  return options_.patience > 0 && progress_.best_epoch >= 0 &&
         progress_.epoch - 1 - progress_.best_epoch >= options_.patience;
}

double Trainer::epoch_seconds() const {
  return earlier_seconds_ + std::chrono::duration<double>(Clock::now() - epoch_start_).count();
}

void Trainer::say(TrainEvent::Kind kind, std::string text) const {
  if (options_.on_event) options_.on_event({kind, progress_.epoch, std::move(text)});
}

TrainResult train(Model& model, const Dataset& dataset, const TrainOptions& options) {
  const ThreadScope threads(options.threads);
  Trainer trainer(model, dataset, options);
  TrainResult result = trainer.run();
  model = trainer.model();
  return result;
}

}  // namespace inlay
