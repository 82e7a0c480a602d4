#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "command.h"
#include "help.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  bool clear = false, all = false;
  JsonOption json;
};

bool is_here(const wf::Tuning& tuning, const std::string& machine) {
  return machine.starts_with(tuning.processor + ", ");
}

std::string fastest_first(const std::map<std::string, double>& timings) {
  std::vector<std::pair<double, std::string>> sorted;
  for (const auto& [algorithm, milliseconds] : timings) sorted.emplace_back(milliseconds, algorithm);
  std::ranges::sort(sorted);
  std::string text;
  for (const auto& [milliseconds, algorithm] : sorted)
    text += fmt::format("{}{} {:.3f} ms", text.empty() ? "" : ", ", algorithm, milliseconds);
  return text;
}

void print_tuning(const wf::Tuning& tuning, bool all) {
  fmt::print("file       {}\n",
             tuning.file.empty() ? "none: neither XDG_CACHE_HOME nor HOME is set" : tuning.file.string());
  fmt::print("processor  {}\n", tuning.processor);
  if (tuning.timings.empty()) fmt::print("no shape is known yet\n");
  for (const auto& [machine, shapes] : tuning.timings)
    fmt::print("known      {} shapes on {}{}\n", shapes.size(), machine,
               is_here(tuning, machine) ? "" : " (another machine)");
  for (const auto& [machine, shapes] : tuning.timings) {
    if (!all && !is_here(tuning, machine)) continue;
    fmt::print("\n{}\n", machine);
    for (const auto& [shape, timings] : shapes)
      fmt::print("  {}\n      {}\n", wrap(shape, 4), wrap(fastest_first(timings), 6));
  }
}

void clear(const Arguments& arguments) {
  const std::int64_t shapes = wf::clear_tuning(arguments.all);
  const std::string whose = arguments.all ? "all machines" : wf::tuning().processor;
  if (!arguments.json.on_stdout()) fmt::print("forgot {} shapes of {}\n", shapes, whose);
  arguments.json.write({{"cleared", shapes}});
}

void run_tune(const Arguments& arguments) {
  if (arguments.clear) return clear(arguments);
  const wf::Tuning tuning = wf::tuning();
  if (!arguments.json.on_stdout()) print_tuning(tuning, arguments.all);
  arguments.json.write({{"file", tuning.file.string()}, {"processor", tuning.processor}, {"machines", tuning.timings}});
}

}  // namespace

void add_tune(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "tune",
      "Shows what was timed to choose the fastest algorithm for every shape of convolution on this machine. "
      "It is timed when a shape is first met, and remembered.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_flag("--clear", arguments->clear, "forget it: shapes are timed again when they are met");
  command->add_flag("--all", arguments->all, "of all machines that share the file, not of this one alone");
  arguments->json.add(*command);
  command->footer(
      "A shape is the input NxCxHxW, the weights, stride, padding, dilation, groups and\nchannel blocks of a "
      "convolution or of one of its gradients. INLAY_TUNE=off keeps\nthe file from being read and written.\n\n"
      "Example:\n  inlay tune\n  inlay tune --clear");
  command->callback([arguments] { run_tune(*arguments); });
}
