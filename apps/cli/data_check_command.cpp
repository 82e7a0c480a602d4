// inlay data check
#include <fmt/format.h>

#include <cstdio>

#include "base/fail.h"
#include "base/wrap.h"
#include "data_command.h"
#include "data_report.h"

namespace {

struct CheckArguments {
  std::string data, output;
  bool fix = false, all = false;
  SplitOptions draw;
  JsonOption json;
};

constexpr std::size_t kShown = 4;

void print_place(const inlay::Finding::Place& place) {
  const std::string file = place.file.string();
  const bool named = file.empty() || place.detail.find(file) != std::string::npos;
  const std::string text = named                  ? place.detail
                           : place.detail.empty() ? file
                                                  : fmt::format("{}: {}", file, place.detail);
  fmt::print("           {}\n", inlay::wrap(text, 11));
}

void print(const inlay::Finding& finding, bool all) {
  const std::size_t places = finding.places.size();
  const std::string head = places > 1 ? fmt::format("{} ({})", finding.text, places) : finding.text;
  fmt::print("{:<8} {}\n         {}\n", inlay::to_string(finding.level), finding.code, inlay::wrap_lines(head, 9));
  const std::size_t shown = all || places <= kShown + 1 ? places : kShown;
  for (std::size_t i = 0; i < shown; ++i) print_place(finding.places[i]);
  if (shown < places) fmt::print("           and {} more; --all shows them\n", places - shown);
  if (!finding.advice.empty()) fmt::print("         -> {}\n", inlay::wrap(finding.advice, 12));
  fmt::print("\n");
}

void fix(const CheckArguments& arguments) {
  const inlay::FixReport report =
      inlay::fix_dataset(arguments.data, arguments.output, arguments.draw.dataset_options());
  for (const std::string& line : report.done) fmt::print("{}\n", inlay::wrap(line, 2));
  for (const std::string& line : report.left) fmt::print("{}\n", inlay::wrap(line, 2));
  fmt::print("{}: {} images; {} things corrected, {} that could not be\n", arguments.output, report.images,
             report.done.size(), report.left.size());
}

void run_check(const CheckArguments& arguments, Program& program) {
  if (arguments.fix != !arguments.output.empty())
    inlay::fail_input("--fix and -o DIR go together: the corrected copy goes to DIR");
  if (arguments.fix) return fix(arguments);
  const inlay::DatasetReport report = inlay::inspect(arguments.data, arguments.draw.dataset_options());
  if (!arguments.json.on_stdout()) {
    for (const inlay::Finding& finding : report.findings) print(finding, arguments.all);
    fmt::print("{}: {} train, {} val, {} test images; {}\n", arguments.data, report.train, report.val, report.test,
               counts_of(report));
  }
  arguments.json.write(to_json(report));
  if (report.usable()) return;
  std::fflush(stdout);
  if (!arguments.json.on_stdout()) program.console.error(fmt::format("training on '{}' would fail", arguments.data));
  program.status = 2;
}

}  // namespace

void add_data_check(CLI::App& data, Program& program) {
  CLI::App* command = data.add_subcommand(
      "check",
      "Reads every image and mask and lists all that is wrong, the worst first, with what to do about it. Exit code 2 "
      "when training would fail.");
  const auto arguments = std::make_shared<CheckArguments>();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command->add_flag("--fix", arguments->fix, "write a corrected copy of the data set to the folder -o instead");
  command->add_option("-o,--output", arguments->output, "folder to make")->type_name("DIR");
  command->add_flag("--all", arguments->all, "list every file, not the first few");
  arguments->draw.add(*command);
  arguments->json.add(*command);
  command->footer("Examples:\n  inlay data check cells\n  inlay data check cells --fix -o cells_fixed");
  command->callback([arguments, &program] { run_check(*arguments, program); });
}
