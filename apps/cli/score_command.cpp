#include <nlohmann/json.hpp>

#include "command.h"
#include "inlay/scoring.h"
#include "scores_output.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  std::string predicted, truth, classes, split = "val";
  bool numbers = false;
  MetricOptions metrics;
  JsonOption json;
};

void run_score(Arguments& arguments, Program& program) {
  CountProgress progress(program.console, "scoring");
  const inlay::Evaluation evaluation =
      wf::score({.predicted = arguments.predicted,
                 .truth = arguments.truth,
                 .classes = arguments.classes,
                 .numbers = arguments.numbers,
                 .split = inlay::parse_split(arguments.split),
                 .metrics = arguments.metrics.names(false),
                 .absent = arguments.metrics.absent_policy(),
                 .void_pixels = arguments.metrics.void_policy(),
                 .progress = [&](std::int64_t done, std::int64_t images) { progress(done, images); },
                 .log = program.console.log()});
  program.console.clear_progress();
  if (!arguments.json.on_stdout()) print_scores(evaluation);
  arguments.json.write(to_json(evaluation));
}

}  // namespace

void add_score(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "score", "Scores masks that any program made against true ones of the same stem: what evaluate says of a model.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("PREDICTED", arguments->predicted, "folder of predicted masks")->type_name("")->required();
  command->add_option("TRUTH", arguments->truth, "folder of true masks, or a data set")->type_name("")->required();
  command->add_option("--classes", arguments->classes, "what the masks' values mean: a classes.txt or dataset.toml")
      ->type_name("FILE")
      ->group("Masks");
  command
      ->add_flag("--numbers", arguments->numbers,
                 "the predicted masks hold the classes' numbers, as predict writes them, not the values of --classes")
      ->group("Masks");
  command->add_option("--split", arguments->split, "of a data set: val, test, train or all")
      ->type_name("PART")
      ->group("Masks")
      ->default_str("val");
  arguments->metrics.add(*command, false);
  arguments->json.add(*command);
  command->footer(
      "Every true mask needs a prediction; further predictions are left out. Without\n"
      "--classes the values of masks are the classes' numbers, or black and white; the\n"
      "predictions for a data set hold numbers.\n\n"
      "Example:\n  inlay score labels cells --split test --metrics default,pq,hausdorff95");
  command->callback([arguments, &program] { run_score(*arguments, program); });
}
