// inlay data check and inlay data info.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/grouped.h"
#include "data_command.h"
#include "inlay/inspect.h"
#include "inlay/synth.h"

using Json = nlohmann::ordered_json;

namespace {

struct LookArguments {
  std::string data, split = "all";
  SplitOptions draw;
  JsonOption json;
};

std::string hex(const inlay::Color& color) { return fmt::format("#{:02x}{:02x}{:02x}", color[0], color[1], color[2]); }

Json to_json(const inlay::DatasetReport& report) {
  Json json{{"usable", report.usable()},
            {"train", report.train},
            {"val", report.val},
            {"test", report.test},
            {"min_height", report.min_height},
            {"max_height", report.max_height},
            {"min_width", report.min_width},
            {"max_width", report.max_width},
            {"channels", report.channels},
            {"classes", Json::array()},
            {"ignored_pixels", report.ignored_pixels},
            {"warnings", report.warnings},
            {"problems", report.problems}};
  for (std::size_t i = 0; i < report.classes.names.size(); ++i)
    json["classes"].push_back({{"name", report.classes.names[i]},
                               {"color", hex(report.classes.colors[i])},
                               {"pixels", i < report.class_pixels.size() ? report.class_pixels[i] : 0}});
  return json;
}

void print_info(const std::string& data, const inlay::DatasetReport& report) {
  std::int64_t total = report.ignored_pixels;
  for (const std::int64_t pixels : report.class_pixels) total += pixels;
  const auto share = [&](std::int64_t pixels) {
    return 100 * static_cast<double>(pixels) / static_cast<double>(std::max<std::int64_t>(1, total));
  };
  const auto range = [](std::int64_t low, std::int64_t high) {
    return low == high ? fmt::format("{}", low) : fmt::format("{} to {}", low, high);
  };
  fmt::print("{}\nimages    {} train, {} val, {} test\n", data, report.train, report.val, report.test);
  fmt::print("height    {}\nwidth     {}\nchannels  {}\n\n", range(report.min_height, report.max_height),
             range(report.min_width, report.max_width), fmt::join(report.channels, ", "));
  fmt::print("{:>5}  {:<32} {:<8} {:>16} {:>8}\n", "class", "name", "colour", "pixels", "share");
  for (std::size_t i = 0; i < report.classes.names.size(); ++i) {
    const std::int64_t pixels = i < report.class_pixels.size() ? report.class_pixels[i] : 0;
    fmt::print("{:>5}  {:<32} {:<8} {:>16} {:>6.1f} %\n", i, report.classes.names[i], hex(report.classes.colors[i]),
               inlay::grouped(pixels), share(pixels));
  }
  if (report.ignored_pixels > 0)
    fmt::print("{:>5}  {:<32} {:<8} {:>16} {:>6.1f} %\n", "-", "ignored", "", inlay::grouped(report.ignored_pixels),
               share(report.ignored_pixels));
}

/// What a network has to beat; NaN unless there are two classes.
double threshold_iou(const LookArguments& arguments, const inlay::DatasetReport& report) {
  const inlay::Split split = inlay::parse_split(arguments.split);
  const bool plain = std::ranges::all_of(report.channels, [](std::int64_t c) { return c == 1 || c == 3; });
  if (!report.usable() || !plain || report.classes.size() != 2) return std::numeric_limits<double>::quiet_NaN();
  return inlay::best_threshold_iou(inlay::open_dataset(arguments.data, arguments.draw.dataset_options()), split);
}

void look(const LookArguments& arguments, Program& program, bool info) {
  const inlay::DatasetReport report = inlay::inspect(arguments.data, arguments.draw.dataset_options());
  const bool readable = report.train + report.val + report.test > 0;
  const double threshold = info ? threshold_iou(arguments, report) : std::numeric_limits<double>::quiet_NaN();
  if (!arguments.json.on_stdout()) {
    if (info && readable) print_info(arguments.data, report);
    if (!std::isnan(threshold))
      fmt::print("\none grey value as a threshold reaches a mean IoU of {:.4f} at best\n", threshold);
    for (const std::string& warning : report.warnings) program.console.warning(warning);
    for (const std::string& problem : report.problems) program.console.error(problem);
    if (!info && report.usable())
      fmt::print("{}: {} images can be used ({} train, {} val, {} test), {} warnings\n", arguments.data,
                 report.train + report.val + report.test, report.train, report.val, report.test,
                 report.warnings.size());
  }
  Json json = to_json(report);
  if (!std::isnan(threshold)) json["best_threshold_iou"] = threshold;
  arguments.json.write(json);
  if (!report.usable()) program.status = 2;
}

void add_look(CLI::App& data, Program& program, const char* name, const char* about, bool info) {
  CLI::App* command = data.add_subcommand(name, about);
  const auto arguments = std::make_shared<LookArguments>();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  if (info)
    command
        ->add_option("--split", arguments->split, "images on which the best threshold is looked for, with two classes")
        ->type_name("PART")
        ->default_str("all");
  arguments->draw.add(*command);
  arguments->json.add(*command);
  command->footer(fmt::format("Example:\n  inlay data {} cells", name));
  command->callback([arguments, &program, info] { look(*arguments, program, info); });
}

}  // namespace

void add_data_check(CLI::App& data, Program& program) {
  add_look(data, program, "check",
           "Reads every image and mask and lists all that is wrong; exit code 2 when training would fail.", false);
}

void add_data_info(CLI::App& data, Program& program) {
  add_look(data, program, "info",
           "Shows the classes with their shares of the pixels, and the numbers and sizes of the images.", true);
}
