#include "support/torchvision_names.h"

#include <array>

namespace inlay::testing {
namespace {

std::string at(const std::string& prefix, std::int64_t number) { return prefix + std::to_string(number); }

}  // namespace

void add_resnet(TorchState& state, const std::string& prefix, std::array<std::int64_t, 4> blocks, bool bottleneck) {
  state.conv(prefix + "conv1", 64, 3, 7);
  state.norm(prefix + "bn1", 64);
  std::int64_t in = 64;
  for (std::size_t stage = 0; stage < 4; ++stage) {
    const std::int64_t planes = std::int64_t{64} << stage, out = bottleneck ? 4 * planes : planes;
    for (std::int64_t i = 0; i < blocks[stage]; ++i) {
      const std::string block = prefix + "layer" + std::to_string(stage + 1) + "." + std::to_string(i) + ".";
      state.conv(block + "conv1", planes, in, bottleneck ? 1 : 3);
      state.norm(block + "bn1", planes);
      state.conv(block + "conv2", planes, planes, 3);
      state.norm(block + "bn2", planes);
      if (bottleneck) {
        state.conv(block + "conv3", out, planes, 1);
        state.norm(block + "bn3", out);
      }
      if (i == 0 && in != out) {
        state.conv(block + "downsample.0", out, in, 1);
        state.norm(block + "downsample.1", out);
      }
      in = out;
    }
  }
}

void add_mobilenet_v2(TorchState& state, const std::string& prefix) {
  const std::string features = prefix + "features.";
  state.conv(features + "0.0", 32, 3, 3);
  state.norm(features + "0.1", 32);
  // Of features.1 to features.17: the channels that come out.
  constexpr std::array<std::int64_t, 17> kOut{16, 24, 24, 32, 32, 32, 64, 64, 64, 64, 96, 96, 96, 160, 160, 160, 320};
  std::int64_t in = 32;
  for (std::size_t i = 0; i < kOut.size(); ++i) {
    const std::string conv = features + std::to_string(i + 1) + ".conv.";
    const std::int64_t inside = i == 0 ? in : 6 * in;
    std::int64_t layer = 0;
    if (i > 0) {
      state.conv(at(conv, layer) + ".0", inside, in, 1);
      state.norm(at(conv, layer++) + ".1", inside);
    }
    state.conv(at(conv, layer) + ".0", inside, 1, 3);
    state.norm(at(conv, layer++) + ".1", inside);
    state.conv(at(conv, layer++), kOut[i], inside, 1);
    state.norm(at(conv, layer), kOut[i]);
    in = kOut[i];
  }
  state.conv(features + "18.0", 1280, 320, 1);
  state.norm(features + "18.1", 1280);
}

void add_vgg16_bn(TorchState& state, const std::string& prefix) {
  struct Layer {
    std::int64_t index, in, out;
  };
  for (const auto& [index, in, out] : {Layer{0, 3, 64},
                                       {3, 64, 64},
                                       {7, 64, 128},
                                       {10, 128, 128},
                                       {14, 128, 256},
                                       {17, 256, 256},
                                       {20, 256, 256},
                                       {24, 256, 512},
                                       {27, 512, 512},
                                       {30, 512, 512},
                                       {34, 512, 512},
                                       {37, 512, 512},
                                       {40, 512, 512}}) {
    state.conv(at(prefix + "features.", index), out, in, 3, true);
    state.norm(at(prefix + "features.", index + 1), out);
  }
}

std::map<std::string, Shape> weights_of(const Graph& graph) {
  std::map<std::string, Shape> weights;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind != LeafKind::input) weights.emplace(leaf.name(), leaf.shape());
  return weights;
}

}  // namespace inlay::testing
