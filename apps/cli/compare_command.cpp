#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/wrap.h"
#include "command.h"
#include "inlay/scoring.h"
#include "scores_output.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  std::string first, second, data, split = "val", output;
  MetricOptions metrics;
  SplitOptions draw;
  MachineOptions machine;
  JsonOption json;
};

Json comparison_json(const Arguments& arguments, const wf::Comparison& comparison) {
  Json json{{"first", arguments.first},
            {"second", arguments.second},
            {"metrics", Json::array()},
            {"images", Json::array()},
            {"pictures", Json::array()}};
  for (const inlay::MetricDifference& one : comparison.metrics)
    json["metrics"].push_back({{"name", one.name},
                               {"first", one.first},
                               {"second", one.second},
                               {"difference", one.second - one.first},
                               {"interval", {one.difference.low, one.difference.high}},
                               {"p_value", one.p_value}});
  for (const wf::ImageDifference& image : comparison.images)
    json["images"].push_back({{"name", image.name}, {"first", image.first}, {"second", image.second}});
  for (const std::filesystem::path& picture : comparison.pictures) json["pictures"].push_back(picture.string());
  return json;
}

std::string signed_number(double value) { return std::isnan(value) ? "-" : fmt::format("{:+.4f}", value); }

std::string signed_interval(const inlay::Interval& interval) {
  return std::isnan(interval.low) ? "-" : fmt::format("{:+.4f} to {:+.4f}", interval.low, interval.high);
}

void print_comparison(const Arguments& arguments, const wf::Comparison& comparison) {
  fmt::print("A  {}\nB  {}\n\n{:<23}{:>9}{:>9}{:>10}  {:<18}{:>8}\n", arguments.first, arguments.second, "score", "A",
             "B", "B - A", "95 % interval", "p");
  for (const inlay::MetricDifference& one : comparison.metrics)
    fmt::print("{:<23}{:>9}{:>9}{:>10}  {:<18}{:>8}\n", one.name, score_number(one.first), score_number(one.second),
               signed_number(one.second - one.first), signed_interval(one.difference), score_number(one.p_value));
  std::string lower;
  for (const inlay::MetricDifference& one : comparison.metrics)
    if (!inlay::metric_info(one.name).higher_is_better) lower += (lower.empty() ? "" : ", ") + one.name;
  if (!lower.empty()) fmt::print("{}\n", inlay::wrap("lower is better: " + lower, 0));
  constexpr std::size_t kShown = 8;
  fmt::print("\n{} images; those that differ most in {}:\n", comparison.images.size(), comparison.metrics.front().name);
  for (std::size_t i = 0; i < std::min(kShown, comparison.images.size()); ++i) {
    const wf::ImageDifference& image = comparison.images[i];
    const std::string& name = image.name;
    fmt::print("  {:<21}{:>9}{:>9}{:>10}\n", name.size() <= 20 ? name : "..." + name.substr(name.size() - 17),
               score_number(image.first), score_number(image.second), signed_number(image.second - image.first));
  }
}

void run_compare(Arguments& arguments, Program& program) {
  wf::CompareRequest request{
      .first = arguments.first, .second = arguments.second, .evaluate = {}, .output = arguments.output};
  request.evaluate.data = arguments.data;
  request.evaluate.split = inlay::parse_split(arguments.split);
  request.evaluate.metrics = arguments.metrics.names(true);
  request.evaluate.absent = arguments.metrics.absent_policy();
  request.evaluate.void_pixels = arguments.metrics.void_policy();
  arguments.draw.apply(request.evaluate);
  request.evaluate.threads = arguments.machine.threads;
  request.evaluate.tune = !arguments.machine.no_tune;
  request.evaluate.log = program.console.log();
  CountProgress progress(program.console, "scoring");
  request.evaluate.progress = [&](std::int64_t done, std::int64_t images) { progress(done, images); };
  request.on_scores = [&](const wf::Comparison& comparison) {
    program.console.clear_progress();
    if (!arguments.json.on_stdout()) print_comparison(arguments, comparison);
    arguments.json.write(comparison_json(arguments, comparison));
  };
  const wf::Comparison comparison = wf::compare(request);
  if (!comparison.pictures.empty() && !arguments.json.on_stdout())
    fmt::print("\npictures of them in {}\n", arguments.output);
}

}  // namespace

void add_compare(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "compare",
      "Compares two models on the same images: both scores, the interval of their difference, a paired test, and the "
      "images that differ most.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("A", arguments->first, "model file")->type_name("")->required();
  command->add_option("B", arguments->second, "model file")->type_name("")->required();
  command->add_option("DATA", arguments->data, "folder of the data set")->type_name("")->required();
  command
      ->add_option("-o,--output", arguments->output,
                   "folder for pictures of the 8 images that differ most: image, truth, A, B, and where one of the two "
                   "alone is right")
      ->type_name("DIR")
      ->group("Output");
  command->add_option("--split", arguments->split, "val, test, train or all")
      ->type_name("PART")
      ->group("Scores")
      ->default_str("val");
  arguments->metrics.add(*command, true);
  arguments->draw.add(*command);
  arguments->machine.add(*command);
  arguments->json.add(*command);
  command->footer(
      "p: how often a difference as large comes about by chance, by a paired\n"
      "permutation test over images. Images are ordered by the first score.\n\n"
      "Example:\n  inlay compare runs/a/best.onnx runs/b/best.onnx street --metrics miou,pq");
  command->callback([arguments, &program] { run_compare(*arguments, program); });
}
