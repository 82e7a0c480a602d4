// Weights that another program trained, in a network of this one: docs/weights.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/channel_order.h"
#include "inlay/workflow.h"

namespace inlay::workflow {

struct WeightsRequest {
  std::filesystem::path weights;  // a safetensors file
  NetChoice net;                  // a network by name; what is left open is as the maps say
  /// Files, or names of weight_maps(); what an earlier one says comes first. None: the one of weight_maps() that fits.
  std::vector<std::string> maps;
  std::filesystem::path classes;     // a classes.txt or dataset.toml (dataset.h); empty: numbered
  std::vector<double> mean, stddev;  // of pixels in 0..1, in the net's order of channels; empty: as the maps say
  std::optional<ChannelOrder> channel_order;
};

struct ImportedWeights {
  Model model;
  std::vector<std::string> maps;     // that were used
  std::vector<std::string> dropped;  // tensors of the file that a map drops
  std::vector<std::string> fresh;    // of the network, that a map leaves as they are first drawn
  bool normalised = false;           // request or maps say both mean and stddev; else the model reads pixels as 0..1
};

/// Throws InputError, which lists all of them with types and shapes, unless every tensor of the file has a place or is
/// dropped, and every parameter and running statistic of the network gets its numbers or is to stay fresh.
ImportedWeights import_weights(const WeightsRequest& request);

/// A model file where the name ends in .onnx, the numbers alone under the network's names where it ends in
/// .safetensors. Any other name is an InputError.
void write_model(const Model& model, const std::filesystem::path& file);

struct WeightMapInfo {
  std::string_view name, about;
};
std::vector<WeightMapInfo> weight_maps();

}  // namespace inlay::workflow
