#include <fmt/format.h>

#include "base/fail.h"
#include "base/grouped.h"
#include "command.h"
#include "help.h"
#include "inlay/weights.h"
#include "models/settings.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  std::string net, output, init;
  NetOptions options;
  std::string model, classes_file, mean, stddev, channel_order;
  std::vector<std::string> maps;
};

wf::WeightsRequest weights_request(const Arguments& arguments) {
  wf::WeightsRequest request;
  request.weights = arguments.net;
  request.net = arguments.options.choice(arguments.model);
  request.net.init = arguments.init;
  request.maps = arguments.maps;
  request.classes = arguments.classes_file;
  if (!arguments.mean.empty()) inlay::parse_setting("--mean", arguments.mean, request.mean);
  if (!arguments.stddev.empty()) inlay::parse_setting("--stddev", arguments.stddev, request.stddev);
  if (!arguments.channel_order.empty())
    inlay::parse_setting("--channel-order", arguments.channel_order, request.channel_order.emplace());
  return request;
}

void convert_weights(const Arguments& arguments, Program& program) {
  const wf::ImportedWeights imported = wf::import_weights(weights_request(arguments));
  wf::write_model(imported.model, arguments.output);
  if (!imported.normalised)
    program.console.warning(
        "nothing says what the pixels of 0..1 were normalised by, so the model takes them as they are; most weights "
        "are of no use without: --mean and --stddev");
  fmt::print("{}: {} parameters; {} tensors taken, {} dropped, {} fresh (map {})\n", arguments.output,
             inlay::grouped(summarise(imported.model.graph).parameters),
             imported.model.tensors.size() - imported.fresh.size(), imported.dropped.size(), imported.fresh.size(),
             fmt::join(imported.maps, ", "));
}

void convert_network(const Arguments& arguments, Program& program) {
  for (const auto& [option, given] : {std::pair{"--model", !arguments.model.empty()},
                                      {"--map", !arguments.maps.empty()},
                                      {"--classes-file", !arguments.classes_file.empty()},
                                      {"--mean", !arguments.mean.empty()},
                                      {"--stddev", !arguments.stddev.empty()},
                                      {"--channel-order", !arguments.channel_order.empty()}})
    if (given)
      inlay::fail_input("{} belongs to weights in a .safetensors file; '{}' is a network or a model file", option,
                        arguments.net);
  wf::NetChoice net = arguments.options.choice(arguments.net);
  net.init = arguments.init;
  const std::int64_t parameters = wf::convert(net, arguments.output, program.console.log());
  fmt::print("{}: {} parameters\n", arguments.output, inlay::grouped(parameters));
}

void add_weights_options(CLI::App& command, Arguments& arguments) {
  const char* group = "Weights of another program";
  command.add_option("--model", arguments.model, "the network that they are for")->type_name("NAME")->group(group);
  command
      .add_option("--map", arguments.maps,
                  "what their names are here: a file, or a built-in map (see below); may be repeated, the first comes "
                  "first. Without it, the built-in map that fits")
      ->type_name("MAP")
      ->group(group)
      ->allow_extra_args(false);
  command.add_option("--classes-file", arguments.classes_file, "names of the classes: a classes.txt or dataset.toml")
      ->type_name("FILE")
      ->group(group);
  command.add_option("--mean", arguments.mean, "that was taken from pixels in 0..1, a number a channel")
      ->type_name("X,Y,Z")
      ->group(group);
  command.add_option("--stddev", arguments.stddev, "that they were divided by")->type_name("X,Y,Z")->group(group);
  command.add_option("--channel-order", arguments.channel_order, "that the network was trained with: rgb or bgr")
      ->type_name("ORDER")
      ->group(group);
}

std::string footer() {
  std::string text = "Built-in maps:\n";
  for (const wf::WeightMapInfo& map : wf::weight_maps())
    text += fmt::format("  {:<22}  {}\n", map.name, wrap(std::string(map.about), 26));
  return text +
         "\nExamples:\n"
         "  inlay convert unet --set width=32 --channels 1 --seed 7 -o start.onnx\n"
         "  inlay convert unet --classes 5 --init runs/cells-unet/best.onnx -o more.onnx\n"
         "  inlay convert espnet.safetensors --model espnet --classes 12 \\\n"
         "    --mean 0.4327,0.4251,0.4119 --stddev 72.13,72.69,69.90 -o espnet.onnx\n"
         "  inlay convert runs/cells-unet/best.onnx -o weights.safetensors";
}

}  // namespace

void add_convert(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "convert",
      "Writes a model file: of an untrained network, of another model file, or of weights that another program "
      "trained.");
  const auto arguments = std::make_shared<Arguments>();
  command
      ->add_option("NET", arguments->net,
                   "network by name (see 'inlay models'), model file, or weights as FILE.safetensors")
      ->type_name("")
      ->required();
  command
      ->add_option("-o,--output", arguments->output,
                   "file to write: FILE.onnx, or FILE.safetensors for the weights alone")
      ->type_name("FILE")
      ->group("Output")
      ->required();
  arguments->options.add(*command, true);
  command->add_option("--init", arguments->init, "model file to copy weights from: all that agree in name and shape")
      ->type_name("FILE.onnx")
      ->group("Network");
  add_weights_options(*command, *arguments);
  command->footer(footer());
  command->callback([arguments, &program] {
    if (std::filesystem::path(arguments->net).extension() == ".safetensors")
      convert_weights(*arguments, program);
    else
      convert_network(*arguments, program);
  });
}
