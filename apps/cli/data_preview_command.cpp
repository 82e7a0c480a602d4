// inlay data preview
#include <fmt/format.h>

#include "base/fail.h"
#include "base/wrap.h"
#include "data_command.h"
#include "inlay/augment.h"
#include "inlay/data_sheets.h"

namespace wf = inlay::workflow;

namespace {

struct PreviewArguments {
  std::string data, output, config, augment, size, seed;
  std::vector<std::string> fields;
  std::int64_t images = 6, variations = 5;
};

void run_preview(const PreviewArguments& arguments) {
  wf::TrainCommandLine line{arguments.config, false, {{"data", arguments.data}}, {}, arguments.fields};
  const auto pass = [&](const char* name, const std::string& text) {
    if (!text.empty()) line.options.emplace_back(name, text);
  };
  pass("augment", arguments.augment);
  pass("size", arguments.size);
  pass("seed", arguments.seed);
  const inlay::Image sheet = wf::preview({wf::train_config(line), arguments.images, arguments.variations});
  inlay::write_image(arguments.output, sheet);
  fmt::print("{}: {} images, {} variations of each\n", arguments.output, arguments.images, arguments.variations);
}

/// The fields of the augmentation with what the policies make of them.
std::string list_fields() {
  const auto none = inlay::list_augmentation(), upright = inlay::list_augmentation(inlay::upright_augmentation()),
             free = inlay::list_augmentation(inlay::standard_augmentation());
  std::string text =
      fmt::format("Fields of --augment-set:\n  {:<16} {:>6} {:>8} {:>6}\n", "", "none", "upright", "free");
  for (std::size_t i = 0; i < none.size(); ++i)
    text += fmt::format("  {:<16} {:>6} {:>8} {:>6}  {}\n", none[i].name, none[i].value, upright[i].value,
                        free[i].value, inlay::wrap(none[i].help, 43));
  return text;
}

}  // namespace

void add_data_preview(CLI::App& data) {
  CLI::App* command = data.add_subcommand(
      "preview", "Draws training images as they are and as augmentation varies them, masks laid over them.");
  const auto arguments = std::make_shared<PreviewArguments>();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command->add_option("-o,--output", arguments->output, "picture to write")->type_name("FILE.png")->required();
  command->add_option("--augment", arguments->augment, "none, upright or free")
      ->type_name("NAME")
      ->default_str("upright");
  command->add_option("--augment-set", arguments->fields, "a field that differs from the policy's; may be repeated")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_option("--config", arguments->config, "settings of a run; the command line wins")->type_name("FILE");
  command->add_option("--size", arguments->size, "of the patches; auto: as inlay train")
      ->type_name("HxW")
      ->default_str("auto");
  command->add_option("--seed", arguments->seed, "of the variations")->type_name("N")->default_str("0");
  command->add_option("--images", arguments->images, "rows")->type_name("N")->default_str("6");
  command->add_option("--variations", arguments->variations, "columns beside the original")
      ->type_name("N")
      ->default_str("5");
  command->footer(list_fields() +
                  "\nExamples:\n  inlay data preview cells -o sheet.png --augment free\n"
                  "  inlay data preview cells -o sheet.png --augment-set cutout=0.5");
  command->callback([arguments] { run_preview(*arguments); });
}
