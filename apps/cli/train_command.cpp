#include <fmt/format.h>

#include "command.h"
#include "interrupt.h"
#include "train_progress.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  std::string data, output, config;
  bool resume = false;
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

void say_result(const wf::TrainOutcome& outcome) {
  const inlay::Scores& scores = outcome.evaluation->scores;
  const inlay::TrainResult& result = outcome.result;
  const std::string run = outcome.run.string();
  fmt::print("{} epochs in {}{}; the best was epoch {}: {} mIoU {:.3f}, pixel accuracy {:.3f}\n", result.history.size(),
             duration_text(result.seconds), result.stopped_early ? ", then no better score" : "", result.best_epoch + 1,
             outcome.split == inlay::Split::val ? "validation" : "training", scores.mean_iou, scores.pixel_accuracy);
  fmt::print("  model    {0}/best.onnx\n  report   {0}/report.html\n  samples  {0}/samples\n", run);
  fmt::print("Label pictures with it:\n  inlay predict {} PICTURES -o labels --overlay\n",
             shell_quoted(run + "/best.onnx"));
}

void run_train(const Arguments& arguments, Program& program) {
  const inlay::TrainConfig config = wf::train_config(arguments.line());
  catch_interrupts("\ninlay: stopping after this step; again: at once, without saving\n");
  TrainProgress progress(program.console);
  const wf::TrainOutcome outcome = wf::train(config, arguments.resume, progress.callbacks());
  program.console.clear_progress();
  if (!outcome.result.interrupted) return say_result(outcome);
  program.console.line(fmt::format("Everything is saved. Go on with:\n  inlay train {} -o {} --resume",
                                   shell_quoted(config.data), shell_quoted(outcome.run.string())));
  program.status = 1;
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
  for (const inlay::ConfigOption& option : inlay::list_options()) {
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
      "Examples:\n  inlay train cells\n  inlay train cells --width 32 --epochs 100 --augment free -o runs/wide\n"
      "  inlay train cells -o runs/wide --resume");
  command->callback([arguments, &program] { run_train(*arguments, program); });
}
