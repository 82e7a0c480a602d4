// inlay data info
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/grouped.h"
#include "data_command.h"
#include "data_report.h"
#include "inlay/data_sheets.h"
#include "inlay/synth.h"

namespace {

struct InfoArguments {
  std::string data, split = "all", sheet;
  std::int64_t images = 16;
  SplitOptions draw;
  JsonOption json;
};

void print_sizes(const inlay::DatasetReport& report) {
  const bool one = std::ranges::all_of(report.sizes, [&](const auto& size) { return size == report.sizes.front(); });
  if (one) {
    fmt::print("size      {}x{}, all of them\n", report.sizes.front()[0], report.sizes.front()[1]);
    return;
  }
  fmt::print("size      {:>10} {:>8} {:>8} {:>8} {:>8}\n", "least", "25 %", "median", "75 %", "most");
  for (std::size_t side = 0; side < 2; ++side) {
    std::vector<std::int64_t> values;
    for (const auto& size : report.sizes) values.push_back(size[side]);
    const auto q = quartiles(values);
    fmt::print("  {:<8}{:>10} {:>8} {:>8} {:>8} {:>8}\n", side == 0 ? "height" : "width", q[0], q[1], q[2], q[3], q[4]);
  }
}

std::string depth_text(std::int64_t bits) { return bits == 32 ? "floating point" : fmt::format("{} bits", bits); }

void print_classes(const inlay::DatasetReport& report) {
  std::int64_t total = report.ignored_pixels;
  for (const std::int64_t pixels : report.class_pixels) total += pixels;
  const auto share = [&](std::int64_t pixels) {
    const double percent = 100 * static_cast<double>(pixels) / static_cast<double>(std::max<std::int64_t>(1, total));
    return pixels > 0 && percent < 0.05 ? std::string("< 0.1") : fmt::format("{:.1f}", percent);
  };
  fmt::print("\n{:>5}  {:<24} {:<8} {:>16} {:>8} {:>8}\n", "class", "name", "colour", "pixels", "share", "images");
  for (std::size_t i = 0; i < report.classes.names.size(); ++i)
    fmt::print("{:>5}  {:<24} {:<8} {:>16} {:>6} % {:>8}\n", i, report.classes.names[i],
               hex_of(report.classes.colors[i]), inlay::grouped(report.class_pixels[i]), share(report.class_pixels[i]),
               report.class_images[i]);
  if (report.ignored_pixels > 0)
    fmt::print("{:>5}  {:<24} {:<8} {:>16} {:>6} %\n", "-", "ignored", "", inlay::grouped(report.ignored_pixels),
               share(report.ignored_pixels));
}

void print_info(const std::string& data, const inlay::DatasetReport& report) {
  fmt::print("{}\nformat    {}\nimages    {} train, {} val, {} test\n", data, report.format, report.train, report.val,
             report.test);
  if (!report.sizes.empty()) print_sizes(report);
  std::vector<std::string> depths;
  for (const std::int64_t bits : report.bits) depths.push_back(depth_text(bits));
  fmt::print("channels  {}\nvalues    {}\n", fmt::join(report.channels, ", "), fmt::join(depths, ", "));
  print_classes(report);
}

/// What a network has to beat; NaN unless there are two classes.
double threshold_iou(const InfoArguments& arguments, const inlay::DatasetReport& report) {
  const inlay::Split split = inlay::parse_split(arguments.split);
  const bool plain = std::ranges::all_of(report.channels, [](std::int64_t c) { return c == 1 || c == 3; });
  if (!report.usable() || !plain || report.classes.size() != 2) return std::numeric_limits<double>::quiet_NaN();
  return inlay::best_threshold_iou(inlay::open_dataset(arguments.data, arguments.draw.dataset_options()), split);
}

void run_info(const InfoArguments& arguments, Program& program) {
  const inlay::DatasetOptions options = arguments.draw.dataset_options();
  const inlay::DatasetReport report = inlay::inspect(arguments.data, options);
  const double threshold = threshold_iou(arguments, report);
  if (!arguments.sheet.empty() && report.usable())
    inlay::write_image(arguments.sheet,
                       inlay::workflow::dataset_sheet(inlay::open_dataset(arguments.data, options), arguments.images));
  if (!arguments.json.on_stdout()) {
    if (report.train + report.val + report.test > 0) print_info(arguments.data, report);
    if (!std::isnan(threshold))
      fmt::print("\none grey value as a threshold reaches a mean IoU of {:.4f} at best\n", threshold);
    if (!report.findings.empty())
      fmt::print("\n{}; 'inlay data check {}' lists what was found\n", counts_of(report), arguments.data);
    for (const inlay::Finding& finding : report.findings)
      if (finding.level == inlay::FindingLevel::error) program.console.error(finding.text);
  }
  auto json = to_json(report);
  if (!std::isnan(threshold)) json["best_threshold_iou"] = threshold;
  arguments.json.write(json);
  if (!report.usable()) program.status = 2;
}

}  // namespace

void add_data_info(CLI::App& data, Program& program) {
  CLI::App* command = data.add_subcommand(
      "info", "Shows how many images there are and how large, and the classes with their shares of the pixels.");
  const auto arguments = std::make_shared<InfoArguments>();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command->add_option("--sheet", arguments->sheet, "write a picture of some samples with their masks laid over them")
      ->type_name("FILE.png");
  command->add_option("--images", arguments->images, "of the sheet, spread evenly")->type_name("N")->default_str("16");
  command->add_option("--split", arguments->split, "images on which the best threshold is looked for, with two classes")
      ->type_name("PART")
      ->default_str("all");
  arguments->draw.add(*command);
  arguments->json.add(*command);
  command->footer("Example:\n  inlay data info cells --sheet cells.png");
  command->callback([arguments, &program] { run_info(*arguments, program); });
}
