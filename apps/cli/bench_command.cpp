#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "bench_output.h"
#include "command.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  wf::BenchRequest request;
  std::string net, size, mode = "infer", memory = "usual";
  bool scaling = false, sharing = false;
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

std::string what_runs(const Arguments& arguments) {
  return fmt::format("{} {}, batch {} of {}", arguments.net, arguments.mode == "train" ? "training step" : "inference",
                     arguments.request.batch, arguments.size);
}

Json heading(const Arguments& arguments) {
  return {
      {"net", arguments.net}, {"size", arguments.size}, {"batch", arguments.request.batch}, {"mode", arguments.mode}};
}

std::string pass_names() {
  std::string names;
  for (const inlay::PassInfo& pass : inlay::list_passes()) names += (names.empty() ? "" : ", ") + pass.name;
  return names;
}

void bench_once(const Arguments& arguments) {
  const wf::BenchResult result = wf::bench(arguments.request);
  if (!arguments.json.on_stdout()) {
    print_result(what_runs(arguments), result);
    if (arguments.request.profile) print_profile(result);
    if (!result.graph.empty()) fmt::print("\n{}", result.graph);
  }
  Json json = heading(arguments);
  add_json(json, result);
  arguments.json.write(json);
}

void bench_scaling(const Arguments& arguments) {
  const std::vector<wf::BenchResult> results = wf::bench_scaling(arguments.request);
  if (!arguments.json.on_stdout()) print_scaling(what_runs(arguments), results);
  Json json = heading(arguments);
  for (const wf::BenchResult& result : results) {
    Json& entry = json["scaling"].emplace_back(Json::object());
    add_json(entry, result);
    entry["faster"] = results.front().median_ms / result.median_ms;
    entry["efficiency"] = entry["faster"].get<double>() / result.threads;
  }
  arguments.json.write(json);
}

void bench_sharing(const Arguments& arguments) {
  const wf::SharingResult result = wf::bench_sharing(arguments.request);
  if (!arguments.json.on_stdout())
    print_sharing(fmt::format("{}, a picture of {}", arguments.net, arguments.size), result);
  Json json{{"net", arguments.net}, {"size", arguments.size}};
  add_json(json, result);
  arguments.json.write(json);
}

void run_bench(Arguments& arguments, Program& program) {
  wf::BenchRequest& request = arguments.request;
  request.net = arguments.options.choice(arguments.net);
  read_size(arguments.size, request);
  if (arguments.mode != "infer" && arguments.mode != "train")
    inlay::fail_input("--mode {}: expected infer or train", arguments.mode);
  request.memory = inlay::parse_memory_use(arguments.memory);
  request.mode = arguments.mode == "train" ? wf::BenchMode::train : wf::BenchMode::infer;
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  if (arguments.sharing) return bench_sharing(arguments);
  arguments.scaling ? bench_scaling(arguments) : bench_once(arguments);
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
  command
      ->add_option("--memory", arguments->memory,
                   "of a training step: usual, or low: computes cheap results again instead of keeping them")
      ->type_name("MEMORY")
      ->group("Work")
      ->default_str("usual");
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
  const auto output = [command](CLI::Option* option) { return option->group("Output"); };
  CLI::Option* profile = output(command->add_flag(
      "--profile", arguments->request.profile,
      "also the time of every operator and step, the slowest first, and how near it is to the machine's peaks"));
  CLI::Option* trace = output(command
                                  ->add_option("--trace", arguments->request.trace,
                                               "write when each step ran, for chrome://tracing or ui.perfetto.dev")
                                  ->type_name("FILE"));
  CLI::Option* graph = output(command->add_flag("--dump-graph", arguments->request.dump_graph,
                                                "also the graph that runs, as text, after all passes"));
  CLI::Option* scaling =
      output(command->add_flag("--scaling", arguments->scaling, "instead with 1, 2, 4, ... and all threads"))
          ->excludes(profile)
          ->excludes(trace)
          ->excludes(graph);
  output(command->add_flag("--sliding-window", arguments->sharing,
                           "instead, with the net sliding_window: a picture patch by patch against all at once"))
      ->excludes(profile)
      ->excludes(trace)
      ->excludes(graph)
      ->excludes(scaling);
  arguments->options.add(*command, false);
  arguments->machine.add(*command);
  arguments->json.add(*command);
  command->footer(
      "'roof' in a profile is the least time that the machine's peaks of multiply-adds\n"
      "and of copies allow, as a share of the time taken. It can be above 100%:\n"
      "Winograd multiplies less, and data in a cache move faster than in memory.\n\n"
      "Examples:\n"
      "  inlay bench unet --width 64 --size 3x512x512 --mode train --profile\n"
      "  inlay bench best.onnx --size 3x512x512 --trace trace.json\n"
      "  inlay bench unet --size 3x256x256 --scaling\n"
      "  inlay bench sliding_window --size 3x128x128 --sliding-window\n"
      "  inlay bench unet --size 3x256x256 --skip-pass fuse_activation --dump-graph");
  command->callback([arguments, &program] { run_bench(*arguments, program); });
}
