#include <algorithm>
#include <array>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "inlay/model.h"
#include "models/classes.h"
#include "models/settings.h"
#include "models/unet.h"

namespace inlay {
namespace {

struct Network {
  std::string_view name;
  std::string_view about;
  std::string (*defaults)();
  /// The sides that the input must be divisible by; checks the settings.
  std::int64_t (*size_multiple)(const ModelOptions&);
  Value (*build)(const Scope&, Value image, const ModelOptions&);
};

UnetSettings unet_settings(const ModelOptions& options) {
  const auto settings = parse_settings<UnetSettings>("unet", options.settings);
  check(settings);
  return settings;
}

constexpr std::array kNetworks{
    Network{"unet", "U-Net with skip connections, for few and small data (Ronneberger, Fischer and Brox 2015)",
            print_defaults<UnetSettings>,
            [](const ModelOptions& options) { return std::int64_t{1} << unet_settings(options).depth; },
            [](const Scope& root, Value image, const ModelOptions& options) {
              return unet(root, image, options.out_channels, unet_settings(options));
            }},
};

const Network& find_network(std::string_view name) {
  std::array<std::string_view, kNetworks.size()> names;
  std::ranges::transform(kNetworks, names.begin(), &Network::name);
  const auto found = std::ranges::find(kNetworks, name, &Network::name);
  if (found == kNetworks.end())
    fail_input("unknown network '{}', expected one of {}{}", name, fmt::join(names, ", "), suggestion(name, names));
  return *found;
}

/// Graphs are built for a common patch size, and again for others by instantiate().
std::int64_t first_size(std::int64_t multiple) {
  constexpr std::int64_t kCommon = 128;
  return (kCommon + multiple - 1) / multiple * multiple;
}

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
  static const auto kDefaults = [] {
    std::array<std::string, kNetworks.size()> lines;
    std::ranges::transform(kNetworks, lines.begin(), [](const Network& network) { return network.defaults(); });
    return lines;
  }();
  std::vector<Architecture> list;
  for (std::size_t i = 0; i < kNetworks.size(); ++i)
    list.push_back({kNetworks[i].name, kNetworks[i].about, kDefaults[i]});
  return list;
}

Model create_model(std::string_view name, const ModelOptions& options) {
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
  model.info.size_multiple = network.size_multiple(options);
  const std::int64_t size = first_size(model.info.size_multiple);
  const Value image = model.graph.input("image", {DType::f32, {1, options.in_channels, size, size}});
  model.graph.set_output("logits", network.build(Scope(model.graph), image, options));
  model.graph.set_scope("");
  check_parameters(name, model.graph);
  model.tensors = initialise(model.graph, options.seed);
  return model;
}

}  // namespace inlay
