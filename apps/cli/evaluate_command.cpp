#include <nlohmann/json.hpp>

#include "command.h"
#include "scores_output.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  wf::EvaluateRequest request;
  std::string model, data, split = "val", report;
  MetricOptions metrics;
  AugmentationOption augmentation;
  SplitOptions draw;
  MachineOptions machine;
  JsonOption json;
};

void run_evaluate(Arguments& arguments, Program& program) {
  wf::EvaluateRequest& request = arguments.request;
  request.model = arguments.model;
  request.data = arguments.data;
  request.split = inlay::parse_split(arguments.split);
  request.metrics = arguments.metrics.names(true);
  request.absent = arguments.metrics.absent_policy();
  request.void_pixels = arguments.metrics.void_policy();
  arguments.augmentation.apply(request);
  request.report = arguments.report;
  request.command = program.command_line;
  arguments.draw.apply(request);
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  CountProgress progress(program.console, "scoring");
  request.progress = [&](std::int64_t done, std::int64_t images) { progress(done, images); };
  request.on_scores = [&](const inlay::Evaluation& evaluation) {
    program.console.clear_progress();
    if (!arguments.json.on_stdout()) print_scores(evaluation);
    arguments.json.write(to_json(evaluation));
  };
  wf::evaluate(request);
}

}  // namespace

void add_evaluate(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("evaluate",
                         "Scores a model on a data set: IoU, accuracy and Dice of every class and their means, "
                         "from one count over all pixels at the images' own size, and other scores by name.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("MODEL", arguments->model, "model file, as runs/NAME/best.onnx")->type_name("")->required();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command->add_option("--split", arguments->split, "val, test, train or all")
      ->type_name("PART")
      ->group("Scores")
      ->default_str("val");
  arguments->metrics.add(*command, true);
  arguments->augmentation.add(*command, "Scores");
  command
      ->add_option("--report", arguments->report,
                   "writes a page: scores with intervals, confusions, best and worst images, what size of objects "
                   "and distance to outlines cost")
      ->type_name("FILE.html")
      ->group("Output");
  arguments->draw.add(*command);
  arguments->machine.add(*command);
  arguments->json.add(*command);
  command->footer(
      "Where the data set names no validation images, those of MODEL's run are used.\n\nExamples:\n"
      "  inlay evaluate runs/cells-unet/best.onnx cells --split test\n"
      "  inlay evaluate runs/a/best.onnx street --metrics all --report street.html");
  command->callback([arguments, &program] { run_evaluate(*arguments, program); });
}
