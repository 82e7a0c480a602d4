#include "train/trainer.h"

#include <algorithm>

#include "base/fail.h"
#include "base/threads.h"

namespace inlay {
namespace {

double rate_of(const TrainOptions& options) {
  return options.learning_rate > 0 ? options.learning_rate : default_learning_rate(options.optimizer.kind);
}

TrainOptions with_kind(TrainOptions options) {
  using Kind = BorderWeights::Kind;
  options.borders.kind = options.pixel_weights == PixelWeighting::boundary ? Kind::boundaries : Kind::gaps;
  return options;
}

TrainingGraph training_graph(const Model& model, const PatchSize& patch, const TrainOptions& options) {
  const bool borders = options.pixel_weights != PixelWeighting::none;
  return make_training_graph(model.graph, {options.batch, model.in_channels(), patch.height, patch.width},
                             {.name = options.loss,
                              .class_weights = options.class_weights != ClassWeighting::none && !borders,
                              .pixel_weights = borders,
                              .aux_weight = options.aux_weight,
                              .label_smoothing = options.label_smoothing},
                             model.info.size.margin);
}

}  // namespace

Trainer::Trainer(const Model& model, const Dataset& dataset, const TrainOptions& options)
    : dataset_(dataset),
      options_((check(options, model, dataset), with_kind(options))),
      base_rate_(rate_of(options)),
      patch_(choose_patch(options, model, dataset)),
      settings_(describe(options, patch_, model, dataset)),
      model_(model),
      graph_(training_graph(model, patch_, options)),
      weights_(graph_.parameters),
      optimizer_(options.optimizer, graph_.parameters) {
  if (options_.accumulate > 1) gradient_sum_.emplace(graph_.parameters);
  if (!options_.directory.empty()) directory_.emplace(options_.directory, options_.resume);
  bind_model();
  if (options_.ema > 0) averages_.emplace(model_.tensors, graph_.parameters, options_.ema);
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
    restore_tensors(checkpoint, state_tensors(), path);
    progress_ = checkpoint.progress;
    good_ = checkpoint.good;
    optimizer_.restore_steps(progress_.total_steps);
    note_changes();
    say(TrainEvent::Kind::resumed,
        fmt::format("goes on with epoch {} after {} steps", progress_.epoch + 1, progress_.total_steps));
  } else {
    measure(progress_, options_, model_, dataset_);
  }
  if (progress_.asked_epochs != options_.epochs) progress_.epochs = progress_.asked_epochs = options_.epochs;
  progress_.threads = thread_count();
  if (!good_) remember();
  model_.info.mean = progress_.mean;
  model_.info.stddev = progress_.stddev;
}

// What may change in a resumed run, but not without a word.
void Trainer::note_changes() const {
  if (!options_.log) return;
  const ScheduleKind schedule = options_.schedule.kind;
  if (progress_.asked_epochs != options_.epochs &&
      (schedule == ScheduleKind::cosine || schedule == ScheduleKind::polynomial))
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
  options.memory = options_.memory;
  options.log = options_.log;
  program_.emplace(graph_.graph, std::move(leaves), Bindings{}, options);
  gradients_.emplace(*program_, graph_);
  Tensor images = program_->input("image"), labels = program_->input("labels");
  images_ = images.data<float>();
  labels_ = labels.data<std::uint8_t>();
  loss_ = program_->output("loss").data<float>().data();
  const bool borders = options_.pixel_weights != PixelWeighting::none;
  if (borders) pixel_weights_ = program_->input("pixel_weights").data<float>();
  if (!progress_.class_weights.empty() && !borders)
    std::ranges::copy(progress_.class_weights, program_->input("class_weights").data<float>().begin());
}

LoaderOptions Trainer::loader_options() const {
  LoaderOptions options;
  options.batch = options_.batch;
  options.height = patch_.height;
  options.width = patch_.width;
  options.channels = model_.in_channels();
  options.mean.assign(progress_.mean.begin(), progress_.mean.end());
  options.std.assign(progress_.stddev.begin(), progress_.stddev.end());
  options.order = model_.info.channel_order;
  options.margin = model_.info.size.margin;
  if (options_.pixel_weights != PixelWeighting::none) options.borders = options_.borders;
  options.class_weights = progress_.class_weights;
  options.augment = options_.augment;
  options.seed = options_.seed;
  options.workers = options_.workers;
  options.cache_bytes = options_.cache_bytes;
  return options;
}

void Trainer::make_loader() {
  LoaderOptions options = loader_options();
  pass_batches_ = (dataset_.size(Split::train) + options_.batch - 1) / options_.batch;
  const std::int64_t pass_steps = (pass_batches_ + options_.accumulate - 1) / options_.accumulate;
  steps_per_epoch_ = options_.epoch_steps > 0 ? options_.epoch_steps : pass_steps;
  if (options_.epoch_steps > 0) {  // epochs begin and end anywhere in a pass
    const std::int64_t batches = (progress_.epoch * steps_per_epoch_ + progress_.step) * options_.accumulate;
    options.start_epoch = batches / pass_batches_;
    options.start_batch = batches % pass_batches_;
  } else {
    const bool epoch_trained = progress_.step >= steps_per_epoch_;
    options.start_epoch = progress_.epoch + (epoch_trained ? 1 : 0);
    options.start_batch = epoch_trained ? 0 : progress_.step * options_.accumulate;
  }
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
  while (!result.interrupted) {
    if (collapsed())
      go_back("the net has told nothing apart and the training loss has not fallen for three validations");
    if (progress_.epoch >= progress_.epochs || out_of_patience()) break;
    epoch_start_ = Clock::now();
    images_in_epoch_ = 0;
    waited_before_ = loader_->waited_seconds();
    End end = train_epoch();
    if (end == End::done) end = finish_epoch();
    result.interrupted = end == End::stopped;
    earlier_seconds_ = 0;
  }
  if (!published_) publish(true);
  result.stopped_early = !result.interrupted && progress_.epoch < progress_.epochs;
  if (result.stopped_early)
    say(TrainEvent::Kind::early_stop, fmt::format("no better score for {} epochs", options_.patience));
  result.history = progress_.history;
  result.steps = progress_.total_steps;
  result.best_epoch = progress_.best_epoch;
  result.best_score = progress_.best_score;
  result.recoveries = progress_.recoveries;
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

std::map<std::string, Tensor> Trainer::state_tensors() const {
  std::map<std::string, Tensor> tensors = optimizer_.moments();
  for (const auto& [name, tensor] : model_.tensors) tensors.emplace("model/" + name, tensor);
  if (averages_)
    for (const auto& [name, tensor] : averages_->tensors()) tensors.emplace("average/" + name, tensor);
  return tensors;
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
