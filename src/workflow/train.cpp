#include <algorithm>
#include <chrono>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/plan.h"
#include "inlay/workflow.h"
#include "workflow/plan/keep_budget.h"
#include "workflow/report/progress_pictures.h"
#include "workflow/report/run_report.h"
#include "workflow/tensorboard/run_events.h"
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

/// `config` with what the trainer decided.
TrainConfig effective(TrainConfig config, const TrainPlan& plan, const Model& model) {
  config.size = ImageSize{plan.height, plan.width};
  config.channels = model.in_channels();
  return config;
}

/// What a call of train() passes around.
struct Run {
  const TrainCallbacks& callbacks;
  Clock::time_point begin = Clock::now();
  RunPlan plan;
  std::optional<BudgetKeeper> keeper;
  std::optional<ProgressPictures> pictures;
  std::optional<RunEvents> events;
  TrainConfig config;
  TrainOutcome outcome;

  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin).count(); }
  void write_config() const { write_file(outcome.run / "config.toml", to_toml(config, reasons(plan))); }
};

/// Who decides how many epochs there are: the budget, or an earlier run that is repeated.
void set_replan(TrainOptions& options, Run& run, bool resume) {
  if (run.plan.replan) {
    run.keeper.emplace(run.plan, [&run] { return run.seconds(); });
    options.replan = [&run](const EpochReport& report) {
      const std::int64_t epochs = run.keeper->after_training(report);
      const std::string said = to_string(run.keeper->replanned());
      if (said != run.config.replanned) {
        run.config.replanned = said;
        run.write_config();
      }
      return epochs;
    };
  } else if (const auto replanned = parse_replanned(run.plan.config.replanned); replanned && !resume) {
    options.replan = repeat(*replanned);
  }
}

void set_callbacks(TrainOptions& options, Run& run, Estimate& estimate) {
  const TrainCallbacks& callbacks = run.callbacks;
  options.stop = callbacks.stop;
  options.on_step = [&](const StepReport& report) {
    if (run.events) run.events->after_step(report);
    if (callbacks.on_step) callbacks.on_step(report);
    estimate.step();
  };
  options.on_validation = callbacks.on_validation;
  options.on_epoch = [&](const EpochReport& report) {
    if (run.keeper) run.keeper->after_epoch(report);
    run.pictures->after_epoch(report);
    if (run.events) run.events->after_epoch(report);
    if (callbacks.on_epoch) callbacks.on_epoch(report);
  };
  options.on_event = callbacks.on_event;
  options.log = callbacks.log;
}

}  // namespace

fs::path run_folder(const TrainConfig& config) {
  if (!config.output.empty()) return config.output;
  return fs::path("runs") / fmt::format("{}-{}", folder_name(config.data), fs::path(config.model).stem().string());
}

TrainOutcome train(const TrainConfig& given, bool resume, const TrainCallbacks& callbacks) {
  Run run{.callbacks = callbacks};
  TrainOutcome& outcome = run.outcome;
  outcome.run = run_folder(given);
  check_folder(outcome.run, resume);
  const Dataset dataset = open_training_data(given);
  if (callbacks.log)
    for (const std::string& warning : dataset.warnings()) callbacks.log(Severity::warning, warning);
  run.plan = plan(given, dataset, resume, {callbacks.on_stage, callbacks.log});
  run.config = run.plan.config;
  if (callbacks.on_plan) callbacks.on_plan(run.plan);
  TrainOptions options = train_options(run.config);
  NetChoice net = net_choice(run.config, dataset);
  if (resume) net.init.clear();  // the run's own weights follow
  Model model = open_net(net, callbacks.log);
  options.directory = outcome.run;
  options.resume = resume;

  outcome.split = dataset.size(Split::val) > 0 ? Split::val : Split::train;
  run.pictures.emplace(dataset, outcome.split, outcome.run, run.config);
  Estimate estimate(run.plan.replan ? nullptr : callbacks.on_estimate);
  set_callbacks(options, run, estimate);
  set_replan(options, run, resume);
  options.on_start = [&](const TrainPlan& started) {  // from here on the folder is this process' own
    run.config = effective(run.config, started, model);
    run.write_config();
    write_file(outcome.run / "fingerprint.json", to_json(run.plan.fingerprint));
    if (run.config.tensorboard) run.events.emplace(outcome.run, dataset.classes().names);
    estimate.start(started, options.epochs);
    if (callbacks.on_start) callbacks.on_start(started, run.config);
  };
  outcome.result = inlay::train(model, dataset, options);
  outcome.seconds = run.seconds();
  outcome.budget = run.plan.budget;
  if (outcome.result.interrupted) return outcome;

  run.pictures->finish(std::ssize(outcome.result.history));
  run.plan.config = run.config;
  outcome.evaluation = report_run(outcome, run.plan, dataset, callbacks);
  outcome.seconds = run.seconds();
  return outcome;
}

}  // namespace inlay::workflow
