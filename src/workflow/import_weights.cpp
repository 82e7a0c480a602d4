#include <algorithm>

#include "base/fail.h"
#include "base/files.h"
#include "base/nearest_name.h"
#include "data/class_file.h"
#include "inlay/weights.h"
#include "models/classes.h"
#include "models/weights/built_in_maps.h"
#include "models/weights/weight_plan.h"

namespace inlay::workflow {
namespace {

WeightMap map_named(const std::string& name) {
  std::vector<std::string_view> names;
  for (const BuiltInMap& map : built_in_maps()) {
    if (map.name == name) return parse_weight_map(map.text, name);
    names.push_back(map.name);
  }
  std::error_code code;
  if (!std::filesystem::exists(name, code))
    fail_input("there is no weight map '{}'; expected a file, or one of {}{}", name, fmt::join(names, ", "),
               suggestion(name, names));
  return parse_weight_map(read_file(name), name);
}

/// The request, with what it leaves open as the map says.
NetChoice net_of(const WeightsRequest& request, const WeightMap& map) {
  NetChoice net = request.net;
  if (net.name.empty()) net.name = map.model;
  if (net.name.empty())
    fail_input("'{}' holds weights: say of which network by --model NAME", request.weights.string());
  if (names_model_file(net.name))
    fail_input("'{}' is a model file; the weights in '{}' need a network by name", net.name, request.weights.string());
  net.settings.insert(map.settings.begin(), map.settings.end());
  if (!net.channels) net.channels = map.channels;
  if (!net.classes) net.classes = map.classes;
  return net;
}

struct Fit {
  std::vector<std::string> maps;
  WeightMap map;
  WeightPlan plan;
};

/// The built-in map that leaves the fewest problems.
Fit nearest_built_in(const Model& model, const WeightFile& file) {
  std::optional<Fit> best;
  for (const BuiltInMap& candidate : built_in_maps()) {
    WeightMap map = parse_weight_map(candidate.text, candidate.name);
    if (!map.model.empty() && map.model != model.info.architecture) continue;
    WeightPlan plan = plan_weights(model.graph, file, map);
    if (best && best->plan.problems.size() <= plan.problems.size()) continue;
    best = Fit{{std::string(candidate.name)}, std::move(map), std::move(plan)};
  }
  return *std::move(best);  // at least the map that changes nothing is for every network
}

[[noreturn]] void fail_problems(const WeightsRequest& request, const Model& model, const Fit& fit) {
  std::string text;
  if (request.maps.empty())
    text = fmt::format("no built-in map fits '{}' and {}: write one for --map (docs/weights.md); by the nearest, '{}'",
                       request.weights.string(), model.info.architecture, fit.maps.front());
  else
    text = fmt::format("'{}' does not fit {} by the map '{}'", request.weights.string(), model.info.architecture,
                       fmt::join(fit.maps, "', '"));
  fail_input("{}:\n  {}", text, fmt::join(fit.plan.problems, "\n  "));
}

/// From a list with as many classes as the net tells apart, those that a data set ignores counted or not.
std::vector<ModelClass> classes_from(const std::filesystem::path& file, std::int64_t out_channels) {
  std::vector<ModelClass> classes = numbered_classes(out_channels);
  std::vector<ClassEntry> entries = read_class_list(file);
  const std::size_t all = entries.size();
  if (all != classes.size()) std::erase_if(entries, [](const ClassEntry& entry) { return entry.ignored; });
  if (entries.size() != classes.size())
    fail_input("'{}' lists {} classes, {} without those that are ignored; the network tells {} apart (--classes)",
               file.string(), all, entries.size(), classes.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    classes[i].name = entries[i].name;
    if (entries[i].color) classes[i].color = *entries[i].color;
  }
  return classes;
}

/// The first list that is not empty.
std::vector<double> per_channel(std::string_view name, const std::vector<double>& asked,
                                const std::vector<double>& mapped, const std::vector<double>& standard) {
  const std::vector<double>& values = !asked.empty() ? asked : !mapped.empty() ? mapped : standard;
  if (values.size() != standard.size())
    fail_input("{} has {} numbers, and the network reads {} channels", name, values.size(), standard.size());
  return values;
}

void fill_info(const WeightsRequest& request, const Fit& fit, Model& model) {
  ModelInfo& info = model.info;
  info.mean = per_channel("mean", request.mean, fit.map.mean, info.mean);
  info.stddev = per_channel("stddev", request.stddev, fit.map.stddev, info.stddev);
  info.channel_order = request.channel_order.value_or(fit.map.channel_order.value_or(info.channel_order));
  if (!request.classes.empty()) info.classes = classes_from(request.classes, model.out_channels());
  info.training["weights"] = request.weights.filename().string();
  info.training["weight map"] = fmt::format("{}", fmt::join(fit.maps, ", "));
}

}  // namespace

ImportedWeights import_weights(const WeightsRequest& request) {
  const WeightFile file = read_weight_file(request.weights);
  Fit fit{request.maps, {}, {}};
  for (const std::string& name : request.maps) fit.map = joined(std::move(fit.map), map_named(name));
  Model model = open_net(net_of(request, fit.map));
  if (request.maps.empty())
    fit = nearest_built_in(model, file);
  else
    fit.plan = plan_weights(model.graph, file, fit.map);
  if (!fit.plan.problems.empty()) fail_problems(request, model, fit);
  for (auto& [name, numbers] : fit.plan.numbers) model.tensors[name] = numbers;
  fill_info(request, fit, model);
  const bool has_mean = !request.mean.empty() || !fit.map.mean.empty();
  const bool has_stddev = !request.stddev.empty() || !fit.map.stddev.empty();
  return {std::move(model), fit.maps, fit.plan.dropped, fit.plan.fresh, has_mean && has_stddev};
}

std::vector<WeightMapInfo> weight_maps() {
  std::vector<WeightMapInfo> list;
  for (const BuiltInMap& map : built_in_maps()) list.push_back({map.name, map.about});
  return list;
}

}  // namespace inlay::workflow
