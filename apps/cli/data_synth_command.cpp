// inlay data synth.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/fail.h"
#include "data_command.h"
#include "inlay/dataset.h"
#include "inlay/synth.h"

namespace {

struct SynthArguments {
  inlay::SynthOptions options;
  std::string kind = "cells", size = "128x128", output;
};

void run_synth(SynthArguments& arguments) {
  arguments.options.kind = inlay::parse_synth_kind(arguments.kind);
  const inlay::ImageSize size = inlay::parse_image_size(arguments.size);
  arguments.options.height = size.height;
  arguments.options.width = size.width;
  std::error_code code;
  if (std::filesystem::exists(arguments.output, code) && !std::filesystem::is_empty(arguments.output, code))
    inlay::fail_input("'{}' is there already and not empty; choose another folder with -o", arguments.output);
  inlay::synthesise(arguments.options, arguments.output);
  const inlay::Dataset dataset = inlay::open_dataset(arguments.output);
  fmt::print("{}: {} images {}x{} ({} train, {} val, {} test); classes {}\n", arguments.output,
             dataset.size(inlay::Split::all), size.height, size.width, dataset.size(inlay::Split::train),
             dataset.size(inlay::Split::val), dataset.size(inlay::Split::test),
             fmt::join(dataset.classes().names, ", "));
}

}  // namespace

void add_data_synth(CLI::App& data, Program&) {
  CLI::App* command =
      data.add_subcommand("synth", "Draws a data set to try things with; the same seed gives the same pictures.");
  const auto arguments = std::make_shared<SynthArguments>();
  command->add_option("--kind", arguments->kind, "cells (2 classes), seismic (2) or street (6)")
      ->type_name("KIND")
      ->default_str("cells");
  command->add_option("--count", arguments->options.count, "images in all")->type_name("N")->default_str("60");
  command->add_option("--size", arguments->size, "of the images")->type_name("HxW")->default_str("128x128");
  command->add_option("--seed", arguments->options.seed, "of the drawing")->type_name("N")->default_str("0");
  command->add_option("-o,--output", arguments->output, "folder to make")->type_name("DIR")->required();
  command->footer("Example:\n  inlay data synth --kind street --count 100 --size 128x192 -o street");
  command->callback([arguments] { run_synth(*arguments); });
}
