#include "models/encoders/encoder.h"

#include "base/fail.h"
#include "models/encoders/encoders.h"
#include "nn/vgg16.h"

namespace inlay {

std::int64_t grid_factor(const EncoderOptions& options, std::int64_t unit) {
  const auto& grid = options.multi_grid;
  return grid.size() == 1 ? grid[0] : grid.at(static_cast<std::size_t>(unit));
}

std::int64_t least_side(EncoderKind kind, std::int64_t output_stride) {
  return kind == EncoderKind::vgg16_bn ? output_stride : 1;
}

std::int64_t last_stage_units(EncoderKind kind) {
  switch (kind) {
    case EncoderKind::resnet18:
      return kResnet18.blocks[3];
    case EncoderKind::resnet34:
      return kResnet34.blocks[3];
    case EncoderKind::resnet50:
      return kResnet50.blocks[3];
    case EncoderKind::mobilenet_v2:
      return kMobilenetV2[5].units + kMobilenetV2[6].units;
    case EncoderKind::vgg16_bn:
      return kVgg16[4].convolutions;
  }
  throw std::logic_error("unknown encoder");
}

void check_multi_grid(std::string_view network, EncoderKind kind, const std::vector<std::int64_t>& multi_grid) {
  const auto units = static_cast<std::size_t>(last_stage_units(kind));
  if (multi_grid.size() != 1 && multi_grid.size() != units)
    fail_input("{}: multi_grid has {} numbers, expected one, or {}: one a unit of the last stage of {}", network,
               multi_grid.size(), units, enum_names(kind)[static_cast<std::size_t>(kind)]);
  for (std::int64_t factor : multi_grid)
    if (factor < 1 || factor > 64) fail_input("{}: multi_grid has the factor {}, expected 1 to 64", network, factor);
}

Features encode(EncoderKind kind, const Scope& scope, Value image, const EncoderOptions& options) {
  switch (kind) {
    case EncoderKind::resnet18:
      return encode_resnet(kResnet18, scope, image, options);
    case EncoderKind::resnet34:
      return encode_resnet(kResnet34, scope, image, options);
    case EncoderKind::resnet50:
      return encode_resnet(kResnet50, scope, image, options);
    case EncoderKind::mobilenet_v2:
      return encode_mobilenet_v2(scope, image, options);
    case EncoderKind::vgg16_bn:
      return encode_vgg16_bn(scope, image, options);
  }
  throw std::logic_error("unknown encoder");
}

}  // namespace inlay
