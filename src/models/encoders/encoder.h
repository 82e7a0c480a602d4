// Encoders: classification nets without their classifier, as trunks of segmentation nets. Layers and parameters are
// named as torchvision names them, with '/' for '.', and scale, shift, running_mean, running_variance for a batch
// norm's weight, bias, running_mean, running_var: its weights fit name by name.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "inlay/nn.h"

namespace inlay {

enum class EncoderKind : std::uint8_t { resnet18, resnet34, resnet50, mobilenet_v2, vgg16_bn };
constexpr auto enum_names(EncoderKind) {
  return std::array<std::string_view, 5>{"resnet18", "resnet34", "resnet50", "mobilenet_v2", "vgg16_bn"};
}

struct EncoderOptions {
  double width = 1;                            // times the channels of the paper
  std::int64_t output_stride = 32;             // 8 or 16: dilation in place of the strides beyond it
  std::vector<std::int64_t> multi_grid = {1};  // factors of the last stage's dilations: one, or one a unit
};

/// What an encoder makes of a picture of H x W: maps at strides 2, 4, 8, 16 and 32, ceil(H / 2) x ceil(W / 2) and so on
/// (vgg16_bn: floor). Those beyond options.output_stride have that stride instead.
inline constexpr std::int64_t kEncoderLevels = 5;
using Features = std::array<Value, kEncoderLevels>;

/// Any size from least_side() on. Parameters: NAME/layer1/0/conv1/weight,
/// NAME/features/0/weight and so on, NAME the scope's path.
Features encode(EncoderKind kind, const Scope& scope, Value image, const EncoderOptions& options = {});

/// The smallest side of a picture: 1, but the output stride for vgg16_bn, whose max-pools round down.
std::int64_t least_side(EncoderKind kind, std::int64_t output_stride);

/// Residual blocks, or convolutions of vgg16_bn, in the last stage.
std::int64_t last_stage_units(EncoderKind kind);

/// Throws InputError that begins with "NETWORK: multi_grid" unless the factors are one, or one a unit, each 1 to 64.
void check_multi_grid(std::string_view network, EncoderKind kind, const std::vector<std::int64_t>& multi_grid);

}  // namespace inlay
