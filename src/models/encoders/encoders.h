// One function a family; encode() chooses.
#pragma once

#include "models/encoders/encoder.h"

namespace inlay {

/// Units in each of the four stages.
struct ResnetLayout {
  std::array<std::int64_t, 4> blocks;
  bool bottleneck;
};
inline constexpr ResnetLayout kResnet18{{2, 2, 2, 2}, false};
inline constexpr ResnetLayout kResnet34{{3, 4, 6, 3}, false};
inline constexpr ResnetLayout kResnet50{{3, 4, 6, 3}, true};

/// He et al., CVPR 2016; in a bottleneck the 3x3 convolution has the stride (ResNet v1.5, as in torchvision).
Features encode_resnet(const ResnetLayout& layout, const Scope& scope, Value image, const EncoderOptions& options);

/// The stages of inverted residuals (table 2): each unit widens to `expansion` times its input's channels; the first
/// has the stride.
struct MobilenetStage {
  std::int64_t expansion, channels, units, stride;
};
inline constexpr std::array<MobilenetStage, 7> kMobilenetV2{
    {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}}};

/// Sandler et al., CVPR 2018.
Features encode_mobilenet_v2(const Scope& scope, Value image, const EncoderOptions& options);

/// Simonyan and Zisserman, ICLR 2015, configuration D, each convolution followed by a batch norm. A max-pool beyond the
/// output stride is left out (Yu and Koltun 2016).
Features encode_vgg16_bn(const Scope& scope, Value image, const EncoderOptions& options);

/// The factor of unit `unit` of the last stage.
std::int64_t grid_factor(const EncoderOptions& options, std::int64_t unit);

/// As torchvision starts them: N(0, 2 / fan_out).
inline constexpr Initializer kEncoderStart{Initializer::Kind::he_normal_fan_out};

}  // namespace inlay
