// The trunk that many nets share: Simonyan and Zisserman, ICLR 2015, configuration D.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "inlay/nn.h"
#include "inlay/ops.h"

namespace inlay {

/// 3x3 convolutions of one resolution; a 2x2 max-pool follows each stage.
struct VggStage {
  std::int64_t convolutions, channels;
};
inline constexpr std::array<VggStage, 5> kVgg16{{{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}}};

/// With `width` times as many channels.
std::array<VggStage, 5> vgg16_stages(double width);

struct VggLayers {
  bool batch_norm = false;  // after each convolution, which then has no bias
  Padding first = 1;        // of the stage's first convolution; the others keep the size
  std::int64_t dilation = 1;
};

/// The convolutions of a stage, each with ReLU. Parameters: PATH/1/..., PATH/2/...
Value vgg_stage(const Scope& scope, Value x, const VggStage& stage, const VggLayers& layers = {});

/// A stage and the 2x2 max-pool after it.
struct VggLevel {
  Value features;  // (N, C, H, W)
  MaxPool pool;    // (N, C, ceil(H / 2), ceil(W / 2)): rounded up, as in Caffe, so that every pixel counts
};

/// Stage number `index` (from 0) under the names that are usual: ROOT/conv1/1/... to ROOT/conv5/3/...
VggLevel vgg_level(const Scope& root, std::size_t index, Value x, const VggStage& stage, const VggLayers& layers = {});

/// The 2x2 max-pool of a VggLevel, in ROOT/pool1 to ROOT/pool5.
MaxPool vgg_pool(const Scope& root, std::size_t index, Value x);

/// ROOT/PART1 for the stage with index 0.
Scope stage_scope(const Scope& root, std::string_view part, std::size_t index);

}  // namespace inlay
