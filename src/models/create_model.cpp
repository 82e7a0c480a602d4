#include <algorithm>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "models/classes.h"
#include "models/networks.h"

namespace inlay {
namespace {

const Network& find_network(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Network* network : networks()) names.push_back(network->name);
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    fail_input("unknown network '{}', expected one of {}{}", name, fmt::join(names, ", "), suggestion(name, names));
  return *networks()[static_cast<std::size_t>(found - names.begin())];
}

/// Graphs are built for a common patch size, and again for others by instantiate().
constexpr std::int64_t kFirstSide = 128;

/// Such a net could neither be saved nor made within minutes.
void check_parameters(std::string_view name, const Graph& graph) {
  constexpr std::int64_t kMost = 500'000'000;
  std::int64_t count = 0;
  for (const Value& value : graph.leaves())
    if (value.leaf()->kind != LeafKind::input) count += value.shape().elements();
  if (count > kMost)
    fail_input(
        "{}: these settings make {} million parameters, and a model file holds at most {} million; try a smaller width "
        "or depth",
        name, count / 1'000'000, kMost / 1'000'000);
}

}  // namespace

std::vector<Architecture> architectures() {
  std::vector<Architecture> list;
  for (const Network* network : networks())
    list.push_back({network->name, network->about, network->paper, network->defaults()});
  return list;
}

Model create_graph(std::string_view name, const ModelOptions& options) {
  const Network& network = find_network(name);
  if (options.in_channels < 1 || options.in_channels > 4096)
    fail_input("{}: {} input channels, expected 1 to 4096", name, options.in_channels);
  if (options.out_channels < 1 || options.out_channels > 255)
    fail_input("{}: {} output channels, expected 1 to 255: one a class, or 1 for two classes", name,
               options.out_channels);
  Model model;
  model.info.architecture = name;
  model.info.settings = options.settings;
  model.info.classes = numbered_classes(options.out_channels);
  model.info.mean.assign(static_cast<std::size_t>(options.in_channels), 0.0);
  model.info.stddev.assign(static_cast<std::size_t>(options.in_channels), 1.0);
  model.info.size = network.size(options);
  const std::int64_t side = model.info.size.fit(kFirstSide);
  const Value image = model.graph.input("image", {DType::f32, {1, options.in_channels, side, side}});
  model.graph.set_output("logits", network.build(Scope(model.graph), image, options));
  model.graph.set_scope("");
  check_parameters(name, model.graph);
  return model;
}

Model create_model(std::string_view name, const ModelOptions& options) {
  Model model = create_graph(name, options);
  model.tensors = initialise(model.graph, options.seed);
  return model;
}

}  // namespace inlay
