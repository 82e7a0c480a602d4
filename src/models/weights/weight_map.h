// How the names of another program's tensors become a network's: docs/weights.md describes the text.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/channel_order.h"
#include "models/weights/name_pattern.h"

namespace inlay {

/// What happens to a tensor on its way, in turn.
enum class WeightTransform : std::uint8_t {
  flip,            // rotates kernels by 180 degrees: a true convolution's become a cross-correlation's
  transpose,       // swaps the first two axes
  reverse_inputs,  // reverses the second axis: BGR becomes RGB
  reshape          // takes the shape that is wanted: a fully connected layer becomes a convolution
};
constexpr auto enum_names(WeightTransform) {
  return std::array<std::string_view, 4>{"flip", "transpose", "reverse_inputs", "reshape"};
}

struct WeightRule {
  enum class Kind : std::uint8_t { assign, drop, fresh };
  Kind kind;
  NamePattern pattern;               // of their names; of ours for `fresh`
  std::vector<NamePattern> targets;  // of `assign`: our names, the first that the network has
  std::vector<WeightTransform> transforms;
};

struct WeightMap {
  std::vector<WeightRule> rules;  // for a tensor, the first that fits
  std::string model;              // the network's name, or ""
  std::map<std::string, std::string> settings;
  std::optional<std::int64_t> channels, classes;  // of the input; of the output
  std::vector<double> mean, stddev;               // empty: not said
  std::optional<ChannelOrder> channel_order;
};

/// Throws InputError that names `file` and the line.
WeightMap parse_weight_map(std::string_view text, std::string_view file);

/// The rules of `first` before those of `second`; what both say otherwise is as in `first`.
WeightMap joined(WeightMap first, const WeightMap& second);

}  // namespace inlay
