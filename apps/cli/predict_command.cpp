#include <fmt/format.h>

#include "command.h"
#include "interrupt.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  wf::PredictRequest request;
  std::string model, output;
  MachineOptions machine;
};

void run_predict(Arguments& arguments, Program& program) {
  wf::PredictRequest& request = arguments.request;
  request.model = arguments.model;
  request.output = arguments.output;
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  request.stop = interrupted;
  catch_interrupts("\ninlay: stopping after this picture\n");
  CountProgress progress(program.console, "labelling");
  request.progress = [&](std::int64_t done, std::int64_t images) { progress(done, images); };
  const wf::PredictResult result = wf::predict(request);
  program.console.clear_progress();
  fmt::print("{} of {} pictures labelled in {}: {}\n", result.masks.size(), result.images,
             duration_text(result.seconds), arguments.output);
  for (const auto& failure : result.failures) program.console.error(failure.message);
  if (!result.failures.empty())
    program.status = 2;
  else if (std::ssize(result.masks) < result.images)
    program.status = 1;
}

}  // namespace

void add_predict(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "predict",
      "Labels every pixel of pictures. DIR/STEM.png is an index PNG: its values are the classes' numbers, "
      "shown in their colours.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("MODEL", arguments->model, "model file, as runs/NAME/best.onnx")->type_name("")->required();
  command->add_option("INPUT", arguments->request.inputs, "pictures, folders of pictures, or patterns as 'scan/*.png'")
      ->type_name("")
      ->required()
      ->expected(1, -1);
  command->add_option("-o,--output", arguments->output, "folder for the results")
      ->type_name("DIR")
      ->group("Output")
      ->required();
  command
      ->add_flag("--overlay", arguments->request.overlay,
                 "also DIR/STEM_overlay.png: the picture under the classes' colours")
      ->group("Output");
  command
      ->add_flag("--probabilities", arguments->request.probabilities,
                 "also a 16-bit grey PNG for every class, DIR/STEM_probability_NUMBER_CLASS.png, 65535 for 1")
      ->group("Output");
  command
      ->add_option(
          "--samples", arguments->request.samples,
          "run a net with dropout N times with its dropout on: labels by the mean, and how far the samples are "
          "apart in DIR/STEM_uncertainty.png, 16-bit grey, 65535 for 1")
      ->type_name("N")
      ->group("Output");
  arguments->machine.add(*command);
  command->footer(
      "A picture that cannot be read is left out and named; the exit code is 2 then.\n\nExample:\n"
      "  inlay predict runs/cells-unet/best.onnx cells/test/images -o labels --overlay");
  command->callback([arguments, &program] { run_predict(*arguments, program); });
}
