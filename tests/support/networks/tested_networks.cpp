#include "support/networks/tested_networks.h"

#include <algorithm>
#include <ostream>
#include <set>
#include <sstream>

#include "inlay/summary.h"
#include "models/networks.h"

namespace inlay::testing {
namespace {

std::vector<TestedNetwork> table() {
  return {
      {"unet", "unet", {{"width", "4"}, {"depth", "2"}}},
      {"unet_dropout", "unet", {{"width", "4"}, {"depth", "2"}, {"dropout", "0.1"}}},
      {"unet_nearest", "unet", {{"width", "4"}, {"depth", "2"}, {"up", "nearest"}}},
      {"unet_bilinear", "unet", {{"width", "4"}, {"depth", "2"}, {"up", "bilinear"}}},
      {"unet_bicubic", "unet", {{"width", "4"}, {"depth", "2"}, {"up", "bicubic"}}},
      {"unet_unpool", "unet", {{"width", "4"}, {"depth", "2"}, {"up", "unpool"}}},
      {"unet_nails", "unet", {{"width", "4"}, {"depth", "2"}, {"up", "nails"}}},
      {"unet_resize_conv", "unet", {{"width", "4"}, {"depth", "2"}, {"up", "resize_conv"}}},
      {"unet_without_norm", "unet", {{"width", "4"}, {"depth", "2"}, {"batch_norm", "off"}}},
      {"unet_lecture", "unet_lecture", {{"width", "8"}, {"dropout", "0.1"}}},
      {"unet_tgs", "unet_tgs", {{"width", "4"}}},
      {"unet_tgs_quirk", "unet_tgs", {{"width", "4"}, {"quirk", "single_convolution"}}},
      {"fcn_plain", "fcn_plain", {{"width", "8"}, {"layers", "5"}}},
      {.name = "dilated_context",
       .network = "dilated_context",
       .settings = {{"width", "0.125"}, {"dropout", "0"}},
       .coarse = true,
       .at_kinks = true},
      {.name = "dilated_context_large",
       .network = "dilated_context",
       .settings = {{"width", "0.125"}, {"dropout", "0"}, {"context", "large"}},
       .coarse = true,
       .at_kinks = true},
      {"dilated_front_end", "dilated_context", {{"width", "0.125"}, {"dropout", "0"}, {"context", "none"}}, 32, true},
      {"deeplab_largefov", "deeplab_largefov", {{"width", "0.125"}, {"dropout", "0"}}, 32, true},
      {"unet_original", "unet_original", {{"width", "4"}, {"depth", "2"}}, 72},
      {"sliding_window", "sliding_window", {{"width", "0.2"}}, 143},
      {"sliding_window_patch", "sliding_window", {{"width", "0.125"}, {"form", "patch"}}},
      {"enet", "enet", {{"width", "0.5"}}, 64, true},
      {"fast_scnn", "fast_scnn", {{"width", "0.5"}}, 64, true},
      {"fast_scnn_without_aux", "fast_scnn", {{"width", "0.5"}, {"aux", "off"}}, 64, true},
      {"erfnet", "erfnet", {{"width", "0.25"}}},
      {"erfnet_without_dropout", "erfnet", {{"width", "0.25"}, {"dropout", "0,0"}}, 32, false, 600},
      {"espnet", "espnet", {{"width", "0.5"}, {"p", "1"}, {"q", "2"}}},
      {"fcn32s", "fcn32s", {{"width", "0.0625"}}, 64, true},
      {"fcn16s", "fcn16s", {{"width", "0.0625"}}, 64, true},
      {"fcn8s", "fcn8s", {{"width", "0.0625"}}, 64, true},
      {"fcn8s_at_once", "fcn8s", {{"width", "0.0625"}, {"at_once", "on"}}, 64, true},
      {"fcn8s_original", "fcn8s", {{"width", "0.0625"}, {"pad", "original"}}, 64, true},
      {"segnet", "segnet", {{"width", "0.0625"}}, 64, true, 600},
      {"segnet_dropout", "segnet", {{"width", "0.0625"}, {"dropout", "0.5"}}, 64, true, 600},
      {"segnet_basic", "segnet_basic", {{"width", "0.125"}}},
      {"segnet_basic_dropout", "segnet_basic", {{"width", "0.125"}, {"dropout", "0.5"}}},
      {"fcn_basic", "fcn_basic", {{"width", "0.125"}}},
      {"fcn_basic_full", "fcn_basic", {{"width", "0.125"}, {"reduce", "off"}}},
      {"deconvnet", "deconvnet", {{"width", "0.03125"}}, 224, true},
      {"unet_mobilenet_v2", "unet", {{"width", "4"}, {"up", "nearest"}, {"encoder", "mobilenet_v2"}}, 64},
      {"unet_resnet18", "unet", {{"width", "4"}, {"encoder", "resnet18"}}},
      {"unet_resnet34", "unet", {{"width", "4"}, {"up", "bilinear"}, {"encoder", "resnet34"}}},
      {"unet_resnet50", "unet", {{"width", "4"}, {"up", "nails"}, {"encoder", "resnet50"}}},
      {"unet_vgg16_bn", "unet", {{"width", "4"}, {"dropout", "0.1"}, {"encoder", "vgg16_bn"}}},
      {"deeplabv3_mobilenet_v2", "deeplabv3", {{"encoder", "mobilenet_v2"}, {"width", "0.25"}}, 32, true},
      {"deeplabv3_resnet34", "deeplabv3", {{"encoder", "resnet34"}, {"width", "0.125"}}, 32, true},
      {"deeplabv3", "deeplabv3", {{"width", "0.125"}}, 32, true},
      {"deeplabv3_resnet18",
       "deeplabv3",
       {{"encoder", "resnet18"}, {"width", "0.125"}, {"output_stride", "16"}, {"multi_grid", "1,2"}},
       64,
       true},
      {"deeplabv3_vgg16_bn", "deeplabv3", {{"encoder", "vgg16_bn"}, {"width", "0.125"}, {"aux", "off"}}, 32, true},
      {"fcn_resnet50", "fcn_resnet50", {{"width", "0.125"}}, 32, true},
      {"fc_densenet103", "fc_densenet103", {{"width", "0.0625"}}},
  };
}

const Network& find(std::string_view name) { return **std::ranges::find(networks(), name, &Network::name); }

}  // namespace

SizeRule TestedNetwork::size() const { return find(network).size({.settings = settings}); }

bool TestedNetwork::is_large() const {
  constexpr std::int64_t kMost = 5'000'000;
  const std::int64_t first = size().fit(side);
  return summarise(graph({1, 3, first, first})).parameters > kMost;
}

Graph TestedNetwork::graph(const Shape& image, std::int64_t out_channels) const {
  Graph graph;
  const ModelOptions options{.in_channels = image[1], .out_channels = out_channels, .settings = settings};
  const Value logits = find(network).build(Scope(graph), graph.input("image", {DType::f32, image}), options);
  graph.set_output("logits", logits);
  return graph;
}

Model TestedNetwork::model(std::int64_t out_channels, std::uint64_t seed) const {
  return create_model(network, {.out_channels = out_channels, .settings = settings, .seed = seed});
}

void PrintTo(const TestedNetwork& tested, std::ostream* out) {
  *out << tested.network;
  for (const auto& [name, value] : tested.settings) *out << " " << name << "=" << value;
}

std::vector<TestedNetwork> tested_networks() {
  std::vector<TestedNetwork> all = table();
  std::set<std::string, std::less<>> named;
  for (const TestedNetwork& tested : all) named.insert(tested.network);
  for (const Architecture& architecture : architectures()) {
    if (named.contains(architecture.name)) continue;
    const std::string name(architecture.name);
    all.push_back({name, name});
    if (default_settings(architecture)["width"] == "1") all.back().settings["width"] = "0.125";
  }
  return all;
}

std::vector<TestedNetwork> trained_networks() {
  std::vector<TestedNetwork> all = tested_networks();
  std::erase_if(all, [](const TestedNetwork& tested) { return tested.is_large(); });
  return all;
}

std::map<std::string, std::string> default_settings(const Architecture& architecture) {
  std::map<std::string, std::string> settings;
  std::istringstream words(architecture.settings);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    settings[word.substr(0, equals)] = value.substr(0, value.find('|'));
  }
  return settings;
}

}  // namespace inlay::testing
