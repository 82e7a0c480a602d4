#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/fail.h"
#include "base/grouped.h"
#include "command.h"
#include "help.h"
#include "inlay/compare_upsampling.h"
#include "interrupt.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

/// Those of `inlay train` that a comparison has too.
constexpr std::array kOptions{"width",      "depth", "epochs",   "batch",   "size",     "loss",
                              "optimizer",  "lr",    "schedule", "augment", "val-last", "val-fraction",
                              "split-seed", "seed",  "threads",  "workers", "tune"};

struct Arguments {
  std::string data, output, up;
  bool resume = false;
  JsonOption json;
  std::vector<std::pair<std::string, CLI::Option*>> options;
};

std::string folder_name(const std::filesystem::path& data) {
  const std::filesystem::path whole = std::filesystem::absolute(data).lexically_normal();
  return whole.has_filename() ? whole.filename().string() : whole.parent_path().filename().string();
}

/// One line for all runs, with the time that they will take together.
class Progress {
 public:
  explicit Progress(Console& console) : console_(console) {}

  void attach(wf::UpsamplingRequest& request) {
    request.callbacks.stop = interrupted;
    request.callbacks.log = console_.log();
    request.callbacks.on_start = [this](const inlay::TrainPlan& plan, const inlay::TrainConfig& config) {
      per_run_ = *config.epochs * plan.steps_per_epoch;
      of_run_ = plan.first_epoch * plan.steps_per_epoch + plan.first_step;
    };
    request.callbacks.on_step = [this](const inlay::StepReport& report) { step(report); };
    request.on_run = [this](std::size_t number, std::size_t count, const std::string& up) {
      runs_left_ = static_cast<std::int64_t>(count - number) - 1;
      name_ = fmt::format("{}/{} {}", number + 1, count, up);
    };
    request.on_result = [this](const wf::UpsamplingResult& result) {
      console_.clear_progress();
      console_.line(fmt::format("{}: mIoU {:.3f} in {}", name_, result.mean_iou, duration_text(result.train_seconds)));
    };
  }

 private:
  void step(const inlay::StepReport& report) {
    ++done_;
    ++of_run_;
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const auto left = static_cast<double>(per_run_ - of_run_ + runs_left_ * per_run_);
    const std::string rest = fmt::format("{} left", clock_text(seconds / static_cast<double>(done_) * left));
    const std::string epoch = fmt::format("epoch {}/{}", report.epoch + 1, report.epochs);
    if (console_.terminal()) {
      if (!console_.progress_due()) return;
      const double share = static_cast<double>(of_run_) / static_cast<double>(per_run_);
      return console_.progress(fmt::format("{:<16} {} {}  {}", name_, bar(share, 24), epoch, rest));
    }
    if (now - last_line_ < std::chrono::seconds(30)) return;
    last_line_ = now;
    console_.line(fmt::format("{}  {}  {}", name_, epoch, rest));
  }

  Console& console_;
  std::string name_;
  std::int64_t per_run_ = 0, of_run_ = 0, runs_left_ = 0, done_ = 0;  // steps but for runs_left_
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), last_line_ = start_;
};

wf::UpsamplingRequest request_of(const Arguments& arguments) {
  wf::UpsamplingRequest request;
  request.output = arguments.output.empty() ? "runs/" + folder_name(arguments.data) + "-upsampling" : arguments.output;
  request.resume = arguments.resume;
  request.recipe = wf::quick_upsampling_recipe();
  const std::filesystem::path own = request.output / "config.toml";
  if (request.resume && std::filesystem::exists(own)) inlay::read_config(own, request.recipe);
  request.recipe.data = arguments.data;
  for (const auto& [name, option] : arguments.options) try {
      if (option->count() > 0) inlay::set_option(request.recipe, name, option->results().back());
    } catch (const inlay::InputError& error) {
      inlay::fail_input("--{}", error.what());
    }
  std::istringstream names(arguments.up);
  for (std::string name; std::getline(names, name, ',');) request.up.push_back(name);
  return request;
}

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const wf::UpsamplingComparison& comparison, const wf::UpsamplingRequest& request) {
  const inlay::TrainConfig& recipe = request.recipe;
  Json json{{"data", recipe.data},
            {"folder", request.output.string()},
            {"epochs", wf::epochs_of(request)},
            {"seed", recipe.seed},
            {"split", to_string(comparison.split)},
            {"images", comparison.images},
            {"size", {comparison.size.height, comparison.size.width}},
            {"truth_checkerboard", number(comparison.truth_checkerboard)},
            {"results", Json::array()}};
  for (const wf::UpsamplingResult& r : comparison.results)
    json["results"].push_back({{"up", r.up},
                               {"mean_iou", number(r.mean_iou)},
                               {"pixel_accuracy", number(r.pixel_accuracy)},
                               {"best_epoch", r.best_epoch + 1},
                               {"parameters", r.parameters},
                               {"multiply_adds", r.multiply_adds},
                               {"milliseconds", r.milliseconds},
                               {"memory_mb", r.memory_mb},
                               {"checkerboard", number(r.checkerboard)},
                               {"train_seconds", r.train_seconds}});
  return json;
}

void print_table(const wf::UpsamplingComparison& comparison, const wf::UpsamplingRequest& request) {
  fmt::print("{:<12} {:>6} {:>11} {:>9} {:>9} {:>13}\n", "Up-sampler", "mIoU", "Parameters", "ms/image", "Memory",
             "Checkerboard");
  for (const wf::UpsamplingResult& r : comparison.results)
    fmt::print("{:<12} {:>6.3f} {:>11} {:>9.1f} {:>6.0f} MB {:>13.2e}\n", r.up, r.mean_iou,
               inlay::grouped(r.parameters), r.milliseconds, r.memory_mb, r.checkerboard);
  fmt::print("{:<12} {:>6} {:>11} {:>9} {:>9} {:>13.2e}\n\n", "truth", "", "", "", "", comparison.truth_checkerboard);
  const std::string folder = request.output.string();
  fmt::print("{}\n",
             wrap(fmt::format("mIoU and checkerboard: of the {} {} images. Time and memory: of inference on one "
                              "picture of {}x{}. Checkerboard: the share of the logits' energy that repeats "
                              "every 2 pixels; what is far above the truth's is an artefact.",
                              comparison.images, comparison.split == inlay::Split::val ? "validation" : "training",
                              comparison.size.height, comparison.size.width),
                  0));
  fmt::print("  pictures {0}/compare.svg\n  table    {0}/compare.csv\n  runs     {0}/UP-SAMPLER/report.html\n", folder);
}

void run_compare(const Arguments& arguments, Program& program) {
  wf::UpsamplingRequest request = request_of(arguments);
  catch_interrupts("\ninlay: stopping after this step; again: at once, without saving\n");
  Progress progress(program.console);
  progress.attach(request);
  const wf::UpsamplingComparison comparison = wf::compare_upsampling(request);
  program.console.clear_progress();
  if (comparison.interrupted) {
    program.console.line(fmt::format("Everything is saved. Go on with:\n  inlay compare-upsampling {} -o {} --resume",
                                     arguments.data, request.output.string()));
    program.status = 1;
    return;
  }
  if (!arguments.json.on_stdout()) print_table(comparison, request);
  arguments.json.write(to_json(comparison, request));
}

}  // namespace

void add_compare_upsampling(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "compare-upsampling",
      "Trains U-Nets that differ in their up-sampling alone and compares scores, cost and checkerboards. It leaves a "
      "folder with every run, compare.csv and compare.svg.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command->add_option("-o,--output", arguments->output, "folder of the comparison [runs/DATA-upsampling]")
      ->type_name("DIR")
      ->group("Run");
  command->add_flag("--resume", arguments->resume, "go on with the comparison in that folder, with its settings")
      ->group("Run");
  command
      ->add_option("--up", arguments->up,
                   fmt::format("which, with commas in between, of {}", fmt::join(wf::list_upsamplers(), ", ")))
      ->type_name("NAMES")
      ->group("Network")
      ->default_str("all");
  for (const inlay::ConfigOption& option : inlay::list_options(wf::quick_upsampling_recipe())) {
    if (std::ranges::find(kOptions, option.name) == kOptions.end()) continue;
    CLI::Option* added = command->add_option("--" + option.name, option.help);
    added->type_name(option.kind)->default_str(option.value)->group(option.group)->expected(1);
    arguments->options.emplace_back(option.name, added);
  }
  arguments->json.add(*command);
  command->footer(
      "Examples:\n  inlay compare-upsampling cells\n"
      "  inlay compare-upsampling cells --up transposed,resize_conv --epochs 10");
  command->callback([arguments, &program] { run_compare(*arguments, program); });
}
