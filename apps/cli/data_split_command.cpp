// inlay data split.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/output_folder.h"
#include "data_command.h"
#include "inlay/split.h"

namespace {

struct SplitArguments {
  std::string data, output;
  inlay::Shares shares;
  inlay::DealOptions deal;
  std::int64_t folds = 0;
};

std::string counts_of(const inlay::Dataset& dataset) {
  return fmt::format("{:>6} train {:>6} val {:>6} test", dataset.size(inlay::Split::train),
                     dataset.size(inlay::Split::val), dataset.size(inlay::Split::test));
}

void write(const inlay::Dataset& dataset, const std::vector<inlay::Split>& parts, const std::filesystem::path& folder) {
  inlay::write_split(dataset, parts, folder);
  fmt::print("{:<32} {}\n", folder.string(), counts_of(dataset.with_split(parts)));
}

void run_split(const SplitArguments& arguments, Program& program) {
  const std::filesystem::path output = arguments.output;
  inlay::require_empty(output);
  const inlay::Dataset dataset = inlay::open_dataset(arguments.data, {.val_fraction = 0.0});
  for (const std::string& warning : dataset.warnings()) program.console.warning(warning);
  if (arguments.folds == 0) {
    const std::vector<inlay::Split> parts = inlay::assign_parts(dataset, arguments.shares, arguments.deal);
    const inlay::OutputFolder claim(output);
    return write(dataset, parts, output);
  }
  const std::vector<int> folds = inlay::assign_folds(dataset, arguments.folds, arguments.deal);
  const inlay::OutputFolder claim(output);
  for (int fold = 0; fold < arguments.folds; ++fold)
    write(dataset, inlay::fold_parts(folds, fold), output / fmt::format("fold{}", fold));
}

}  // namespace

void add_data_split(CLI::App& data, Program& program) {
  CLI::App* command = data.add_subcommand(
      "split", "Deals a data set out into train, val and test, or into folds, with each part's share of every class.");
  const auto arguments = std::make_shared<SplitArguments>();
  command->add_option("DATA", arguments->data, "the data set")->type_name("")->required();
  command->add_option("-o,--output", arguments->output, "folder for split.toml, or for fold0/split.toml and so on")
      ->type_name("DIR")
      ->required();
  CLI::Option* val = command->add_option("--val", arguments->shares.val, "share of the images to validate on");
  val->type_name("SHARE")->default_str("0.2");
  CLI::Option* test = command->add_option("--test", arguments->shares.test, "share of the images to test on");
  test->type_name("SHARE")->default_str("0");
  command
      ->add_option("--folds", arguments->folds,
                   "that many data sets instead, each validating on other images; test stays")
      ->type_name("K")
      ->excludes(val)
      ->excludes(test);
  command
      ->add_option("--group-by", arguments->deal.group_by,
                   "regular expression; images in whose names it finds the same text stay together")
      ->type_name("REGEX");
  command->add_option("--seed", arguments->deal.seed, "of the dealing")->type_name("N")->default_str("0");
  command->footer(
      "The files list names and copy nothing; each is a data set for every command.\n\nExample:\n"
      "  inlay data split scans -o folds --folds 5 --group-by '^[^_]+'\n  inlay train folds/fold0");
  command->callback([arguments, &program] { run_split(*arguments, program); });
}
