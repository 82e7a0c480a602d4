#include "support/published_weights.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

namespace inlay::testing {
namespace {

class Writer {
 public:
  explicit Writer(WeightFile& file, std::string prefix = "") : file_(file), prefix_(std::move(prefix)) {}
  Writer at(std::string_view name) const { return Writer(file_, fmt::format("{}{}.", prefix_, name)); }

  void add(std::string_view name, const Shape& shape) const {
    file_[fmt::format("{}{}", prefix_, name)] = {"F32", shape, Tensor(DType::f32, shape)};
  }
  void conv(std::string_view name, const Shape& shape, bool bias = false) const {
    at(name).add("weight", shape);
    if (bias) at(name).add("bias", {shape[0]});
  }
  void norm(std::string_view name, std::int64_t channels) const {
    for (const char* leaf : {"weight", "bias", "running_mean", "running_var"}) at(name).add(leaf, {channels});
    file_[fmt::format("{}{}.num_batches_tracked", prefix_, name)] = {"I64", {}, {}};
  }
  /// NAME.0 and NAME.1.
  void conv_norm(std::string_view name, const Shape& shape) const {
    at(name).conv("0", shape);
    at(name).norm("1", shape[0]);
  }

 private:
  WeightFile& file_;
  std::string prefix_;
};

/// Returns the number of channels of the last stage.
std::int64_t resnet(const Writer& net, const std::array<int, 4>& blocks, bool bottleneck) {
  net.conv("conv1", {64, 3, 7, 7});
  net.norm("bn1", 64);
  std::int64_t in = 64;
  for (std::size_t stage = 0; stage < 4; ++stage) {
    const std::int64_t c = std::int64_t{64} << stage, out = bottleneck ? 4 * c : c;
    for (int i = 0; i < blocks[stage]; ++i, in = out) {
      const Writer block = net.at(fmt::format("layer{}.{}", stage + 1, i));
      std::vector<Shape> kernels{{c, in, 3, 3}, {c, c, 3, 3}};
      if (bottleneck) kernels = {{c, in, 1, 1}, {c, c, 3, 3}, {out, c, 1, 1}};
      for (std::size_t k = 0; k < kernels.size(); ++k) {
        block.conv(fmt::format("conv{}", k + 1), kernels[k]);
        block.norm(fmt::format("bn{}", k + 1), kernels[k][0]);
      }
      if (in != out || (i == 0 && stage > 0)) block.conv_norm("downsample", {out, in, 1, 1});
    }
  }
  return in;
}

void mobilenet_v2(const Writer& net) {
  struct Stage {
    std::int64_t expansion, channels, repeats;
  };
  net.conv_norm("features.0", {32, 3, 3, 3});
  std::int64_t in = 32;
  int index = 1;
  for (const Stage& s : {Stage{1, 16, 1}, {6, 24, 2}, {6, 32, 3}, {6, 64, 4}, {6, 96, 3}, {6, 160, 3}, {6, 320, 1}})
    for (std::int64_t i = 0; i < s.repeats; ++i, in = s.channels) {
      const Writer block = net.at(fmt::format("features.{}.conv", index++));
      const std::int64_t hidden = in * s.expansion;
      int layer = 0;
      if (s.expansion != 1) block.conv_norm(std::to_string(layer++), {hidden, in, 1, 1});
      block.conv_norm(std::to_string(layer++), {hidden, 1, 3, 3});
      block.conv(std::to_string(layer++), {s.channels, hidden, 1, 1});
      block.norm(std::to_string(layer), s.channels);
    }
  net.conv_norm("features.18", {1280, 320, 1, 1});
  net.conv("classifier.1", {1000, 1280}, true);
}

void vgg16(const Writer& net, bool batch_norm) {
  int index = 0;
  std::int64_t in = 3;
  for (const auto& [count, channels] : {std::pair{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}}) {
    for (int i = 0; i < count; ++i, in = channels) {
      net.conv(fmt::format("features.{}", index++), {channels, in, 3, 3}, true);
      if (batch_norm) net.norm(fmt::format("features.{}", index++), channels);
      ++index;  // ReLU
    }
    ++index;  // max-pool
  }
  net.conv("classifier.0", {4096, 512 * 7 * 7}, true);
  net.conv("classifier.3", {4096, 4096}, true);
  net.conv("classifier.6", {1000, 4096}, true);
}

class Espnet {
 public:
  explicit Espnet(WeightFile& file) : net_(file) {}

  void write(std::int64_t classes, std::int64_t p, std::int64_t q) const {
    net_.conv("encoder.level1.conv", {16, 3, 3, 3});
    norm_act("encoder.level1.bn", "encoder.level1.act", 16);
    norm_act("encoder.b1.bn", "encoder.b1.act", 19);
    down("encoder.level2_0", 19, 64);
    for (std::int64_t i = 0; i < p; ++i) module(fmt::format("encoder.level2.{}", i), 64, 64);
    norm_act("encoder.b2.bn", "encoder.b2.act", 131);
    down("encoder.level3_0", 131, 128);
    for (std::int64_t i = 0; i < q; ++i) module(fmt::format("encoder.level3.{}", i), 128, 128);
    norm_act("encoder.b3.bn", "encoder.b3.act", 256);
    net_.conv("encoder.classifier.conv", {classes, 256, 1, 1});
    net_.conv("level3_C.conv", {classes, 131, 1, 1});
    net_.norm("br", classes);
    net_.conv("conv.conv", {classes, 19 + classes, 3, 3});
    norm_act("conv.bn", "conv.act", classes);
    net_.conv("up_l3.0", {classes, classes, 2, 2});
    norm_act("combine_l2_l3.0.bn", "combine_l2_l3.0.act", 2 * classes);
    module("combine_l2_l3.1", 2 * classes, classes);
    net_.conv("up_l2.0", {classes, classes, 2, 2});
    norm_act("up_l2.1.bn", "up_l2.1.act", classes);
    net_.conv("classifier", {classes, classes, 2, 2});
  }

 private:
  void norm_act(const std::string& norm, const std::string& act, std::int64_t channels) const {
    net_.norm(norm, channels);
    net_.at(act).add("weight", {channels});
  }
  void branches(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) const {
    const std::int64_t n = out / 5;
    net_.conv(name + ".c1.conv", {n, in, kernel, kernel});
    net_.conv(name + ".d1.conv", {out - 4 * n, n, 3, 3});
    for (const char* d : {"d2", "d4", "d8", "d16"}) net_.conv(fmt::format("{}.{}.conv", name, d), {n, n, 3, 3});
  }
  void down(const std::string& name, std::int64_t in, std::int64_t out) const {
    branches(name, in, out, 3);
    norm_act(name + ".bn", name + ".act", out);
  }
  void module(const std::string& name, std::int64_t in, std::int64_t out) const {
    branches(name, in, out, 1);
    norm_act(name + ".bn.bn", name + ".bn.act", out);
  }

  Writer net_;
};

}  // namespace

WeightFile espnet_weights(std::int64_t classes, std::int64_t p, std::int64_t q) {
  WeightFile file;
  Espnet(file).write(classes, p, q);
  return file;
}

WeightFile torchvision_classifier(std::string_view name) {
  WeightFile file;
  const Writer net(file);
  if (name == "mobilenet_v2") {
    mobilenet_v2(net);
  } else if (name == "vgg16" || name == "vgg16_bn") {
    vgg16(net, name == "vgg16_bn");
  } else {
    const std::array<int, 4> blocks = name == "resnet18" ? std::array{2, 2, 2, 2} : std::array{3, 4, 6, 3};
    net.conv("fc", {1000, resnet(net, blocks, name == "resnet50")}, true);
  }
  return file;
}

WeightFile torchvision_segmentation(std::string_view name) {
  WeightFile file;
  const Writer net(file), head = net.at("classifier");
  resnet(net.at("backbone"), {3, 4, 6, 3}, true);
  if (name == "fcn_resnet50") {
    head.conv("0", {512, 2048, 3, 3});
    head.norm("1", 512);
    head.conv("4", {21, 512, 1, 1}, true);
  } else {
    head.conv_norm("0.convs.0", {256, 2048, 1, 1});
    for (const char* rate : {"0.convs.1", "0.convs.2", "0.convs.3"}) head.conv_norm(rate, {256, 2048, 3, 3});
    head.conv("0.convs.4.1", {256, 2048, 1, 1});
    head.norm("0.convs.4.2", 256);
    head.conv_norm("0.project", {256, 5 * 256, 1, 1});
    head.conv("1", {256, 256, 3, 3});
    head.norm("2", 256);
    head.conv("4", {21, 256, 1, 1}, true);
  }
  const Writer aux = net.at("aux_classifier");
  aux.conv("0", {256, 1024, 3, 3});
  aux.norm("1", 256);
  aux.conv("4", {21, 256, 1, 1}, true);
  return file;
}

WeightFile smp_unet_resnet34() {
  WeightFile file;
  const Writer net(file);
  resnet(net.at("encoder"), {3, 4, 6, 3}, false);
  const std::array<std::int64_t, 5> skips{256, 128, 64, 64, 0};
  std::int64_t in = 512;
  for (std::size_t i = 0; i < 5; ++i) {
    const Writer block = net.at(fmt::format("decoder.blocks.{}", i));
    const std::int64_t out = 256 >> i;
    block.conv_norm("conv1", {out, in + skips[i], 3, 3});
    block.conv_norm("conv2", {out, out, 3, 3});
    in = out;
  }
  net.conv("segmentation_head.0", {21, 16, 3, 3}, true);
  return file;
}

}  // namespace inlay::testing
