// inlay data convert.
#include <fmt/format.h>

#include "data_command.h"
#include "inlay/write_dataset.h"

namespace {

struct ConvertArguments {
  std::string data, output, to = "folder";
  SplitOptions draw;
};

void run_convert(const ConvertArguments& arguments, Program& program) {
  const inlay::DataLayout layout = inlay::parse_data_layout(arguments.to);
  inlay::DatasetOptions options = arguments.draw.dataset_options();
  if (!arguments.draw.val_fraction) options.val_fraction = 0;  // what has no validation images is written without
  const inlay::Dataset dataset = inlay::open_dataset(arguments.data, options);
  for (const std::string& warning : dataset.warnings()) program.console.warning(warning);
  const std::int64_t count = dataset.size(inlay::Split::all);
  {
    CountProgress progress(program.console, "converting");
    inlay::write_dataset(dataset, layout, arguments.output, [&](std::int64_t done) { progress(done, count); });
  }
  fmt::print("{}: {} images ({} train, {} val, {} test) from {} to {}\n", arguments.output, count,
             dataset.size(inlay::Split::train), dataset.size(inlay::Split::val), dataset.size(inlay::Split::test),
             dataset.format(), arguments.to);
}

}  // namespace

void add_data_convert(CLI::App& data, Program& program) {
  CLI::App* command =
      data.add_subcommand("convert", "Writes a data set of any known layout in another one; nothing is written over.");
  const auto arguments = std::make_shared<ConvertArguments>();
  command->add_option("DATA", arguments->data, "the data set")->type_name("")->required();
  command->add_option("-o,--output", arguments->output, "folder to make")->type_name("DIR")->required();
  command->add_option("--to", arguments->to, "folder, voc, coco or nnunet")->type_name("LAYOUT")->default_str("folder");
  arguments->draw.add(*command);
  command->footer("Example:\n  inlay data convert coco2017 -o coco-folder --to folder");
  command->callback([arguments, &program] { run_convert(*arguments, program); });
}
