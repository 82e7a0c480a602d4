#include <fmt/format.h>

#include "command.h"
#include "folds_text.h"
#include "interrupt.h"
#include "plan_text.h"
#include "train_progress.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  std::string data, output, config;
  bool resume = false, dry_run = false;
  std::vector<std::string> settings, augmentation;
  std::vector<std::pair<std::string, CLI::Option*>> options;

  wf::TrainCommandLine line() const {
    wf::TrainCommandLine line{config, resume, {}, settings, augmentation};
    if (!data.empty()) line.options.emplace_back("data", data);
    if (!output.empty()) line.options.emplace_back("output", output);
    for (const auto& [name, option] : options)
      if (option->count() > 0) line.options.emplace_back(name, option->results().back());
    return line;
  }
};

std::string shell_quoted(const std::string& word) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+=:,@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

void say_time(double seconds, double budget) {
  if (budget > 0)
    fmt::print("{} of {} used, {:.0f} %\n", duration_text(seconds), duration_text(budget), 100 * seconds / budget);
}

void say_result(const wf::TrainOutcome& outcome) {
  const inlay::Scores& scores = outcome.evaluation->scores;
  const inlay::TrainResult& result = outcome.result;
  const std::string run = outcome.run.string();
  fmt::print("{} epochs in {}{}; the best was epoch {}: {} mIoU {:.3f}, pixel accuracy {:.3f}\n", result.history.size(),
             duration_text(result.seconds), result.stopped_early ? ", then no better score" : "", result.best_epoch + 1,
             outcome.split == inlay::Split::val ? "validation" : "training", scores.mean_iou, scores.pixel_accuracy);
  say_time(outcome.seconds, outcome.budget);
  fmt::print("  model    {0}/best.onnx\n  report   {0}/report.html\n  samples  {0}/samples\n", run);
  fmt::print("Label pictures with it:\n  inlay predict {} PICTURES -o labels --overlay\n",
             shell_quoted(run + "/best.onnx"));
}

/// A line for a shell that says the same.
std::string command_text(const wf::TrainCommandLine& line) {
  std::string text = "inlay train", options;
  for (const auto& [name, value] : line.options)
    if (name == "data")
      text += " " + shell_quoted(value);
    else
      options += fmt::format(" --{}{}{}", name, value == "true" ? '=' : ' ', shell_quoted(value));  // a flag, maybe
  for (const std::string& setting : line.settings) options += " --set " + shell_quoted(setting);
  if (!line.config.empty()) options += " --config " + shell_quoted(line.config.string());
  return text + options + (line.resume ? " --resume" : "");
}

/// The table to standard error, the settings with their reasons to standard output.
void show_plan(const inlay::TrainConfig& config, Program& program) {
  const auto stage = [&](const std::string& what) {
    if (program.console.progress_due()) program.console.progress(what);
  };
  const inlay::RunPlan plan = wf::plan(config, {stage, program.console.log()});
  program.console.line(plan_text(plan));
  fmt::print("{}", inlay::to_toml(plan.config, inlay::reasons(plan)));
}

/// Goes on by the command that is said; the exit code is 1.
void say_interrupted(const inlay::TrainConfig& config, const std::filesystem::path& run, Program& program) {
  program.console.line(fmt::format("Everything is saved. Go on with:\n  inlay train {} -o {}{} --resume",
                                   shell_quoted(config.data), shell_quoted(run.string()),
                                   config.folds > 0 && !config.fold ? fmt::format(" --folds {}", config.folds) : ""));
  program.status = 1;
}

void run_folds(const inlay::TrainConfig& config, const Arguments& arguments, Program& program) {
  TrainProgress progress(program.console);
  wf::FoldsCallbacks callbacks{.train = progress.callbacks()};
  callbacks.train.command = command_text(arguments.line());
  callbacks.on_fold = [&](std::int64_t fold, std::int64_t folds) {
    program.console.line(fmt::format("fold {}, {} of {}", fold, fold + 1, folds));
  };
  const wf::FoldsOutcome outcome = wf::train_folds(config, arguments.resume, callbacks);
  program.console.clear_progress();
  if (outcome.interrupted) return say_interrupted(config, outcome.run, program);
  fmt::print("{}", folds_text(outcome));
  say_time(outcome.seconds, outcome.budget);
  const std::string run = outcome.run.string();
  fmt::print("  report   {0}/report.html\n  scores   {0}/folds.csv\n  models   {0}/fold-*/best.onnx\n", run);
}

void run_train(const Arguments& arguments, Program& program) {
  const inlay::TrainConfig config = wf::train_config(arguments.line());
  if (arguments.dry_run) return show_plan(config, program);
  catch_interrupts("\ninlay: stopping after this step; again: at once, without saving\n");
  if (config.folds > 0 && !config.fold) return run_folds(config, arguments, program);
  TrainProgress progress(program.console);
  wf::TrainCallbacks callbacks = progress.callbacks();
  callbacks.command = command_text(arguments.line());
  const wf::TrainOutcome outcome = wf::train(config, arguments.resume, callbacks);
  program.console.clear_progress();
  if (!outcome.result.interrupted) return say_result(outcome);
  say_interrupted(config, outcome.run, program);
}

}  // namespace

void add_train(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "train",
      "Trains a network on a folder of images and masks. It leaves a run folder with the model (best.onnx), "
      "report.html, metrics.csv, samples, and the state to go on from.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("DATA", arguments->data, "folder of the data set; 'inlay data check' looks for problems")
      ->type_name("");
  command->add_option("-o,--output", arguments->output, "folder of the run [runs/DATA-MODEL]")
      ->type_name("DIR")
      ->group("Run");
  command->add_flag("--resume", arguments->resume, "go on with the run in that folder, with its settings")
      ->group("Run");
  command
      ->add_option("--config", arguments->config,
                   "TOML file whose keys are the names of these options; the command line wins")
      ->type_name("FILE")
      ->group("Run");
  command
      ->add_flag("--dry-run", arguments->dry_run,
                 "say what would be chosen and why, and write the settings to standard output, without training")
      ->group("Run");
  for (const inlay::ConfigOption& option : inlay::list_options()) {
    if (option.kind == "true|false" && option.value == "false") {
      arguments->options.emplace_back(option.name,
                                      command->add_flag("--" + option.name, option.help)->group(option.group));
      continue;
    }
    CLI::Option* added = command->add_option("--" + option.name, option.help);
    added->type_name(option.kind)->default_str(option.value)->group(option.group)->expected(1);
    arguments->options.emplace_back(option.name, added);
  }
  command
      ->add_option("--set", arguments->settings,
                   "another setting of the network; 'inlay models' lists them; may be repeated")
      ->type_name("KEY=VALUE")
      ->group("Network")
      ->allow_extra_args(false);
  command
      ->add_option("--augment-set", arguments->augmentation,
                   "a field of the augmentation; 'inlay data preview --help' lists them; may be repeated")
      ->type_name("KEY=VALUE")
      ->group("Data")
      ->allow_extra_args(false);
  command->footer(
      "Examples:\n  inlay train cells\n  inlay train cells --budget 20m\n  inlay train cells --budget 20m --dry-run > "
      "plan.toml\n  inlay train cells --width 32 --epochs 100 --augment free -o runs/wide\n"
      "  inlay train cells -o runs/wide --resume");
  command->callback([arguments, &program] { run_train(*arguments, program); });
}
