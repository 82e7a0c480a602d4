#include <algorithm>
#include <chrono>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/workflow.h"
#include "workflow/run_report.h"
#include "workflow/train_options.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

std::string folder_name(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

void check_folder(const fs::path& run, bool resume) {
  std::error_code code;
  if (resume && !fs::exists(run / "state.safetensors", code))
    fail_input(
        "there is nothing to resume in '{}': it has no state.safetensors; leave out --resume to start a run in an "
        "empty "
        "or new folder",
        run.string());
  if (resume || !fs::is_directory(run, code)) return;
  for (const fs::directory_entry& entry : fs::directory_iterator(run)) {
    const std::string name = entry.path().filename().string();
    if (name == "lock" || name == "config.toml") continue;
    if (!fs::exists(run / "state.safetensors", code))
      fail_input(
          "the folder '{}' is not empty ({}) and holds no run to go on with; empty it, or choose another with -o",
          run.string(), name);
    fail_input("the folder '{}' holds an earlier run ({}); go on with it by --resume, or choose another folder with -o",
               run.string(), name);
  }
}

NetChoice net_of(const TrainConfig& config, const Dataset& dataset) {
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

/// Says once, after a few steps, how long the rest will take. The first step is left out: it warms up.
class Estimate {
 public:
  explicit Estimate(std::function<void(double)> tell) : tell_(std::move(tell)) {}

  void start(const TrainPlan& plan, std::int64_t epochs) {
    left_ = (epochs - plan.first_epoch) * plan.steps_per_epoch - plan.first_step;
    const double per_epoch =
        static_cast<double>(plan.val_images) / static_cast<double>(std::max<std::int64_t>(1, plan.train_images));
    // Inference on a picture costs about a third of a training step on it.
    overhead_ = 1 + per_epoch / 3;
  }

  void step() {
    --left_;
    const auto now = Clock::now();
    if (++steps_ == 1) first_ = now;
    if (told_ || !tell_ || steps_ < 4 || left_ <= 0) return;
    const double seconds = std::chrono::duration<double>(now - first_).count();
    if (steps_ < 20 && seconds < 2) return;
    told_ = true;
    tell_(seconds / static_cast<double>(steps_ - 1) * static_cast<double>(left_) * overhead_);
  }

 private:
  std::function<void(double)> tell_;
  std::int64_t left_ = 0, steps_ = 0;
  double overhead_ = 1;
  bool told_ = false;
  Clock::time_point first_;
};

/// `config` with what was decided for it.
TrainConfig effective(TrainConfig config, const TrainOptions& options, const TrainPlan& plan, const Model& model) {
  config.batch = options.batch;
  config.size = ImageSize{plan.height, plan.width};
  if (!config.lr) config.lr = options.optimizer.kind == OptimizerKind::sgd ? 0.01 : 0.001;
  config.channels = model.in_channels();
  return config;
}

void set_callbacks(TrainOptions& options, const TrainCallbacks& callbacks, Estimate& estimate) {
  options.stop = callbacks.stop;
  options.on_step = [&](const StepReport& report) {
    if (callbacks.on_step) callbacks.on_step(report);
    estimate.step();
  };
  options.on_validation = callbacks.on_validation;
  options.on_epoch = callbacks.on_epoch;
  options.on_event = callbacks.on_event;
  options.log = callbacks.log;
}

}  // namespace

fs::path run_folder(const TrainConfig& config) {
  if (!config.output.empty()) return config.output;
  return fs::path("runs") / fmt::format("{}-{}", folder_name(config.data), fs::path(config.model).stem().string());
}

TrainOutcome train(const TrainConfig& given, bool resume, const TrainCallbacks& callbacks) {
  TrainOutcome outcome{.run = run_folder(given)};
  check_folder(outcome.run, resume);
  const Dataset dataset = open_dataset(given.data, dataset_options(given));
  if (callbacks.log)
    for (const std::string& warning : dataset.warnings()) callbacks.log(Severity::warning, warning);
  TrainOptions options = train_options(given, dataset.size(Split::train));
  NetChoice net = net_of(given, dataset);
  if (resume) net.init.clear();  // the run's own weights follow
  Model model = open_net(net, callbacks.log);
  options.directory = outcome.run;
  options.resume = resume;

  TrainConfig config = given;
  Estimate estimate(callbacks.on_estimate);
  set_callbacks(options, callbacks, estimate);
  options.on_start = [&](const TrainPlan& plan) {  // from here on the folder is this process' own
    config = effective(given, options, plan, model);
    write_file(outcome.run / "config.toml", to_toml(config));
    estimate.start(plan, options.epochs);
    if (callbacks.on_start) callbacks.on_start(plan, config);
  };
  outcome.result = inlay::train(model, dataset, options);
  if (outcome.result.interrupted) return outcome;

  outcome.split = dataset.size(Split::val) > 0 ? Split::val : Split::train;
  outcome.evaluation = report_run(outcome, config, dataset, callbacks);
  return outcome;
}

}  // namespace inlay::workflow
