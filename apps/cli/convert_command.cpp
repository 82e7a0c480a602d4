#include <fmt/format.h>

#include "base/grouped.h"
#include "command.h"

namespace {

struct Arguments {
  std::string net, output, init;
  NetOptions options;
};

}  // namespace

void add_convert(CLI::App& app, Program& program) {
  CLI::App* command =
      app.add_subcommand("convert", "Writes an untrained network, or a model file once more, as an ONNX file.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("NET", arguments->net, "network by name (see 'inlay models'), or a model file")
      ->type_name("")
      ->required();
  command->add_option("-o,--output", arguments->output, "file to write")
      ->type_name("FILE.onnx")
      ->group("Output")
      ->required();
  arguments->options.add(*command, true);
  command->add_option("--init", arguments->init, "model file to copy weights from: all that agree in name and shape")
      ->type_name("FILE.onnx")
      ->group("Network");
  command->footer(
      "Examples:\n  inlay convert unet --set width=32 --channels 1 --seed 7 -o start.onnx\n"
      "  inlay convert unet --classes 5 --init runs/cells-unet/best.onnx -o more.onnx");
  command->callback([arguments, &program] {
    inlay::workflow::NetChoice net = arguments->options.choice(arguments->net);
    net.init = arguments->init;
    const std::int64_t parameters = inlay::workflow::convert(net, arguments->output, program.console.log());
    fmt::print("{}: {} parameters\n", arguments->output, inlay::grouped(parameters));
  });
}
