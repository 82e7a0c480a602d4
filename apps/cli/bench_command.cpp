#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "command.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  wf::BenchRequest request;
  std::string net, size, mode = "infer";
  NetOptions options;
  MachineOptions machine;
  JsonOption json;
};

/// "3x512x512"
void read_size(const std::string& text, wf::BenchRequest& request) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos || text.rfind('x') == cross)
    inlay::fail_input("--size {}: expected CHANNELSxHEIGHTxWIDTH, as 3x512x512", text);
  request.net.channels = inlay::parse_image_size(text.substr(0, cross)).height;
  request.size = inlay::parse_image_size(text.substr(cross + 1));
}

Json to_json(const Arguments& arguments, const wf::BenchResult& result) {
  Json json{{"net", arguments.net},
            {"size", arguments.size},
            {"batch", arguments.request.batch},
            {"mode", arguments.mode},
            {"median_ms", result.median_ms},
            {"min_ms", result.min_ms},
            {"images_per_s", result.images_per_s},
            {"gflops", result.gflops},
            {"multiply_adds", result.multiply_adds},
            {"peak_rss_mb", result.peak_rss_mb},
            {"arena_mb", result.arena_mb},
            {"packed_mb", result.packed_mb},
            {"threads", result.threads},
            {"runs", result.runs},
            {"algorithms", Json::object()}};
  for (const auto& [name, count] : result.algorithms) json["algorithms"][name] = count;
  for (const inlay::StepProfile& step : result.profile)
    json["profile"].push_back({{"name", step.name},
                               {"op", step.op},
                               {"algorithm", step.algorithm},
                               {"ms", step.seconds * 1e3},
                               {"multiply_adds", step.multiply_adds},
                               {"bytes", step.bytes}});
  if (!result.graph.empty()) json["graph"] = result.graph;
  return json;
}

/// The end of a name says more than its start.
std::string step_name(const inlay::StepProfile& step) {
  constexpr std::size_t kRoom = 33;
  const bool says_operator = step.name.find(step.op) != std::string::npos;
  const std::string name = says_operator ? step.name : fmt::format("{} {}", step.op, step.name);
  return name.size() <= kRoom ? name : "…" + name.substr(name.size() - (kRoom - 1));
}

std::string pass_names() {
  std::string names;
  for (const inlay::PassInfo& pass : inlay::list_passes()) names += (names.empty() ? "" : ", ") + pass.name;
  return names;
}

void print_profile(const wf::BenchResult& result) {
  double total = 0;
  for (const inlay::StepProfile& step : result.profile) total += step.seconds;
  fmt::print("\n{:>9} {:>6} {:>8} {:>7}  {:<10} {}\n", "ms", "share", "GFLOP/s", "GB/s", "algorithm", "step");
  for (const inlay::StepProfile& step : result.profile) {
    const double seconds = std::max(step.seconds, 1e-12);
    fmt::print("{:>9.3f} {:>5.1f}% {:>8.0f} {:>7.1f}  {:<10} {}\n", step.seconds * 1e3,
               100 * step.seconds / std::max(total, 1e-12), 2e-9 * static_cast<double>(step.multiply_adds) / seconds,
               1e-9 * static_cast<double>(step.bytes) / seconds, step.algorithm, step_name(step));
  }
}

void print_result(const Arguments& arguments, const wf::BenchResult& result) {
  std::string algorithms;
  for (const auto& [name, count] : result.algorithms)
    algorithms += fmt::format("{}{} {}", algorithms.empty() ? "" : ", ", count, name);
  fmt::print("{} {}, batch {} of {}, {} threads, {} runs\n", arguments.net,
             arguments.mode == "train" ? "training step" : "inference", arguments.request.batch, arguments.size,
             result.threads, result.runs);
  fmt::print("time          {:.2f} ms (median), {:.2f} ms (best)\n", result.median_ms, result.min_ms);
  fmt::print("images/s      {:.1f}\n", result.images_per_s);
  fmt::print("GFLOP/s       {:.0f} effective ({:.3g} billion multiply-adds)\n", result.gflops,
             static_cast<double>(result.multiply_adds) / 1e9);
  fmt::print("memory        {:.0f} MB at most, {:.0f} MB of it intermediate results\n", result.peak_rss_mb,
             result.arena_mb);
  fmt::print("convolutions  {}\n", algorithms.empty() ? "-" : algorithms);
  if (!result.profile.empty()) print_profile(result);
  if (!result.graph.empty()) fmt::print("\n{}", result.graph);
}

void run_bench(Arguments& arguments, Program& program) {
  wf::BenchRequest& request = arguments.request;
  request.net = arguments.options.choice(arguments.net);
  read_size(arguments.size, request);
  if (arguments.mode != "infer" && arguments.mode != "train")
    inlay::fail_input("--mode {}: expected infer or train", arguments.mode);
  request.mode = arguments.mode == "train" ? wf::BenchMode::train : wf::BenchMode::infer;
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  const wf::BenchResult result = wf::bench(request);
  if (!arguments.json.on_stdout()) print_result(arguments, result);
  arguments.json.write(to_json(arguments, result));
}

}  // namespace

void add_bench(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "bench",
      "Measures how fast a network or model file runs on this machine: the median over several runs, "
      "effective GFLOP/s, memory.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("NET", arguments->net, "network by name (see 'inlay models'), or a model file")
      ->type_name("")
      ->required();
  command->add_option("--size", arguments->size, "of a picture")->type_name("CxHxW")->group("Work")->required();
  command->add_option("--batch", arguments->request.batch, "pictures at a time")
      ->type_name("N")
      ->group("Work")
      ->default_str("1");
  command->add_option("--mode", arguments->mode, "infer, or train: forward, loss, backward and update")
      ->type_name("MODE")
      ->group("Work")
      ->default_str("infer");
  command->add_option("--runs", arguments->request.runs, "timed runs; 0: as many as two seconds take")
      ->type_name("N")
      ->group("Work")
      ->default_str("0");
  command
      ->add_option("--skip-algorithm", arguments->request.skip_algorithms,
                   fmt::format("leave out a convolution algorithm; may be repeated: {}",
                               fmt::join(inlay::list_algorithms(), ", ")))
      ->type_name("NAME")
      ->group("Work")
      ->allow_extra_args(false);
  command
      ->add_option("--skip-pass", arguments->request.skip_passes,
                   "leave out an optimisation of the graph; may be repeated: " + pass_names())
      ->type_name("NAME")
      ->group("Work")
      ->allow_extra_args(false);
  command->add_flag("--profile", arguments->request.profile, "also the time of every step, the slowest first")
      ->group("Output");
  command
      ->add_flag("--dump-graph", arguments->request.dump_graph, "also the graph that runs, as text, after all passes")
      ->group("Output");
  arguments->options.add(*command, false);
  arguments->machine.add(*command);
  arguments->json.add(*command);
  command->footer(
      "Examples:\n  inlay bench unet --width 64 --size 3x512x512 --mode train --profile\n"
      "  inlay bench unet --size 3x256x256 --skip-pass fuse_relu --dump-graph");
  command->callback([arguments, &program] { run_bench(*arguments, program); });
}
