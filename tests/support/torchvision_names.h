// The parameters of torchvision's nets, from its naming scheme: by its names and by ours.
#pragma once

#include <map>
#include <string>

#include "inlay/graph.h"

namespace inlay::testing {

/// Collects what modules of PyTorch hold, under our names.
class TorchState {
 public:
  /// nn.Conv2d, square.
  void conv(const std::string& name, std::int64_t out, std::int64_t in, std::int64_t kernel, bool bias = false) {
    add(name + ".weight", {out, in, kernel, kernel});
    if (bias) add(name + ".bias", {out});
  }
  /// nn.BatchNorm2d; its num_batches_tracked counts steps and is not kept here.
  void norm(const std::string& name, std::int64_t channels) {
    for (const char* ours : {".scale", ".shift", ".running_mean", ".running_variance"}) add(name + ours, {channels});
  }

  const std::map<std::string, Shape>& tensors() const { return tensors_; }

 private:
  void add(std::string name, const Shape& shape) {
    for (char& c : name)
      if (c == '.') c = '/';
    tensors_.emplace(name, shape);
  }
  std::map<std::string, Shape> tensors_;
};

/// `prefix` is "" or ends in a dot. Without the classifiers.
void add_resnet(TorchState& state, const std::string& prefix, std::array<std::int64_t, 4> blocks, bool bottleneck);
void add_mobilenet_v2(TorchState& state, const std::string& prefix);
void add_vgg16_bn(TorchState& state, const std::string& prefix);

/// All leaves of a graph but its inputs.
std::map<std::string, Shape> weights_of(const Graph& graph);

}  // namespace inlay::testing
