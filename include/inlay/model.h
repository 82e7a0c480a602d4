// A network with its weights and what is needed to use it on pictures.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/channel_order.h"
#include "inlay/graph.h"

namespace inlay {

/// By leaf name: parameters and state.
using Tensors = std::map<std::string, Tensor>;

struct ModelClass {
  std::string name;
  std::array<std::uint8_t, 3> color{};  // R, G, B
};

/// Which pictures a net takes, and how much of them its logits cover. Sides in pixels.
struct SizeRule {
  std::int64_t multiple = 1;   // a side is remainder + k * multiple; others are made up by reflection
  std::int64_t remainder = 0;  // below multiple
  std::int64_t least = 1;      // and no smaller than this
  std::int64_t most = 0;       // nor larger than this; 0: no limit
  std::int64_t margin = 0;     // lost on each side by unpadded convolutions: logits are (H - 2 margin, W - 2 margin)
  std::int64_t patch = 0;      // side to train on when none is asked for; 0: the pictures' own, within limits
  bool operator==(const SizeRule&) const = default;
  /// The smallest side >= `side` that the net takes; the largest of all when it takes none.
  std::int64_t fit(std::int64_t side) const;
};

/// "sides divisible by 16", "sides of 16 k + 12, at least 188", "sides of 65".
std::string to_string(const SizeRule& size);

/// What the model file keeps beside the graph (ONNX metadata, keys inlay.*).
struct ModelInfo {
  std::string architecture;                     // "unet"; "" for a graph from elsewhere
  std::map<std::string, std::string> settings;  // what create_model was given, to build it again
  std::vector<ModelClass> classes;              // as many as the net tells apart: 2 for a net with one output channel
  std::vector<double> mean, stddev;             // per input channel, of pixel values scaled to 0..1
  ChannelOrder channel_order = ChannelOrder::rgb;  // of the input, mean and stddev; bgr has three channels
  SizeRule size;
  std::map<std::string, std::string> training;  // a summary for people: data set, images, epochs, seed, loss, score
};

/// Outputs of that name serve training alone.
inline constexpr std::string_view kAuxiliaryPrefix = "aux/";

/// One input "image" f32 (N, C, H, W), normalised; one output "logits" f32 (N, K, H, W) (less by info.size.margin on
/// each side): K classes, or K = 1 for two classes told apart by the sigmoid of one logit. Outputs "aux/..." of the
/// same shape serve training alone: their losses are added to that of the logits.
struct Model {
  Graph graph;      // in inference form, built for some size: see instantiate() for another
  Tensors tensors;  // one for each parameter and state leaf of the graph
  ModelInfo info;

  std::int64_t in_channels() const { return graph.find_leaf("image").shape()[1]; }
  std::int64_t out_channels() const { return graph.output("logits").shape()[1]; }
};

struct ModelOptions {
  std::int64_t in_channels = 3;
  std::int64_t out_channels = 2;
  std::map<std::string, std::string> settings;  // the network's own options by name, e.g. {"width", "16"}
  std::uint64_t seed = 0;                       // of the initial weights
};

struct Architecture {
  std::string_view name;
  std::string_view about;  // one line: what it is
  std::string_view paper;  // authors, where, year
  std::string settings;    // the options with their defaults, for help
};

/// All networks that create_model knows.
std::vector<Architecture> architectures();

/// An untrained network. Throws InputError for an unknown name (with the nearest one), option or value.
Model create_model(std::string_view name, const ModelOptions& options = {});

/// An ONNX file. Written under a temporary name and renamed. Throws Error when it cannot be written.
void save_model(const Model& model, const std::filesystem::path& path);
/// Throws InputError that names the file and what is wrong with it.
Model load_model(const std::filesystem::path& path);

/// The same computation for other input shapes; every other shape is worked out again. `training` turns on batch
/// statistics and dropout; without it the outputs "aux/..." are left out. Throws InputError with the place where a
/// shape does not fit.
Graph instantiate(const Graph& graph, const std::map<std::string, Shape>& input_shapes, bool training = false);

}  // namespace inlay
