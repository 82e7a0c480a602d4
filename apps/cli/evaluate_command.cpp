#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/grouped.h"
#include "command.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  wf::EvaluateRequest request;
  std::string model, data, split = "val", absent = "skip";
  SplitOptions draw;
  MachineOptions machine;
  JsonOption json;
};

Json to_json(const inlay::Evaluation& evaluation) {
  const inlay::Scores& scores = evaluation.scores;
  Json json{{"pixel_accuracy", scores.pixel_accuracy},
            {"mean_accuracy", scores.mean_accuracy},
            {"mean_iou", scores.mean_iou},
            {"frequency_weighted_iou", scores.frequency_weighted_iou},
            {"mean_dice", scores.mean_dice},
            {"cross_entropy", evaluation.cross_entropy},
            {"classes", Json::array()},
            {"absent", scores.absent},
            {"images", evaluation.images},
            {"seconds", evaluation.seconds}};
  for (const inlay::ClassScores& entry : scores.classes)
    json["classes"].push_back({{"name", entry.name},
                               {"iou", entry.iou},
                               {"accuracy", entry.accuracy},
                               {"dice", entry.dice},
                               {"pixels", entry.pixels}});
  return json;
}

std::string number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4f}", value); }

std::string short_name(const std::string& name) { return name.size() <= 24 ? name : name.substr(0, 21) + "..."; }

void print_table(const inlay::Evaluation& evaluation) {
  const inlay::Scores& scores = evaluation.scores;
  const double total = static_cast<double>(std::max<std::int64_t>(1, evaluation.confusion.total()));
  fmt::print("{:<24} {:>8} {:>9} {:>8} {:>15} {:>8}\n", "class", "IoU", "accuracy", "Dice", "pixels", "share");
  for (const inlay::ClassScores& entry : scores.classes)
    fmt::print("{:<24} {:>8} {:>9} {:>8} {:>15} {:>6.1f} %\n", short_name(entry.name), number(entry.iou),
               number(entry.accuracy), number(entry.dice), inlay::grouped(entry.pixels),
               100 * static_cast<double>(entry.pixels) / total);
  fmt::print("{:<24} {:>8} {:>9} {:>8} {:>15}\n\n", "mean", number(scores.mean_iou), number(scores.mean_accuracy),
             number(scores.mean_dice), inlay::grouped(evaluation.confusion.total()));
  fmt::print("pixel accuracy          {:>9}\nfrequency-weighted IoU  {:>9}\ncross entropy           {:>9}\n",
             number(scores.pixel_accuracy), number(scores.frequency_weighted_iou), number(evaluation.cross_entropy));
  if (!scores.absent.empty()) fmt::print("no pixel of             {}\n", fmt::join(scores.absent, ", "));
  fmt::print("{} images in {}\n", evaluation.images, duration_text(evaluation.seconds));
}

void run_evaluate(Arguments& arguments, Program& program) {
  wf::EvaluateRequest& request = arguments.request;
  request.model = arguments.model;
  request.data = arguments.data;
  request.split = inlay::parse_split(arguments.split);
  request.absent = inlay::parse_absent_policy(arguments.absent);
  request.val_last = arguments.draw.val_last;
  request.val_fraction = arguments.draw.val_fraction;
  request.split_seed = arguments.draw.split_seed;
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  CountProgress progress(program.console, "scoring");
  request.progress = [&](std::int64_t done, std::int64_t images) { progress(done, images); };
  const inlay::Evaluation evaluation = wf::evaluate(request);
  program.console.clear_progress();
  if (!arguments.json.on_stdout()) print_table(evaluation);
  arguments.json.write(to_json(evaluation));
}

}  // namespace

void add_evaluate(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("evaluate",
                         "Scores a model on a data set: IoU, accuracy and Dice of every class and their means, "
                         "from one count over all pixels at the images' own size.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("MODEL", arguments->model, "model file, as runs/NAME/best.onnx")->type_name("")->required();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command->add_option("--split", arguments->split, "val, test, train or all")
      ->type_name("PART")
      ->group("Scores")
      ->default_str("val");
  command->add_option("--absent", arguments->absent, "what a class without any pixel counts in the means: 0, 1 or skip")
      ->type_name("0|1|skip")
      ->group("Scores")
      ->default_str("skip");
  arguments->draw.add(*command);
  arguments->machine.add(*command);
  arguments->json.add(*command);
  command->footer(
      "Where the data set names no validation images, those of MODEL's run are used.\n\nExample:\n"
      "  inlay evaluate runs/cells-unet/best.onnx cells --split test");
  command->callback([arguments, &program] { run_evaluate(*arguments, program); });
}
