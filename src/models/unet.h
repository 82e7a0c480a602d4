// U-Net (Ronneberger, Fischer and Brox 2015), in the form in which it keeps the picture's size.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "inlay/nn.h"
#include "models/encoders/encoder.h"

namespace inlay {

/// How the way up doubles the size. All but `transposed` have no weights of their own and get a 3x3 convolution that
/// halves the channels: after the up-sampling, and before it for `unpool`, since the remembered positions belong to
/// half of the channels. `resize_conv` is what Odena, Dumoulin and Olah (2016) recommend against checkerboards,
/// `nearest` with the difference that the convolution's border is the picture reflected, not zeros.
enum class UpSampler : std::uint8_t { transposed, nearest, bilinear, bicubic, unpool, nails, resize_conv };
constexpr auto enum_names(UpSampler) {
  return std::array<std::string_view, 7>{"transposed", "nearest", "bilinear",   "bicubic",
                                         "unpool",     "nails",   "resize_conv"};
}

/// Level 0 has the picture's size and `width` channels; each level below half the size and twice the channels; level
/// `depth` is the lowest. With width 16 and depth 4 a picture of 128x128x3 reaches 8x8x256.
struct UnetSettings {
  std::int64_t width = 16;
  std::int64_t depth = 4;
  bool batch_norm = true;  // after each 3x3 convolution of a level, which then has no bias
  std::vector<double> dropout = {
      0.0};  // between the two convolutions of a level, down and up: one number, or depth + 1 from level 0
  UpSampler up = UpSampler::transposed;
  std::optional<EncoderKind> encoder;  // the way down, with five levels of its own: see unet_encoder.h
  bool deep_supervision = false;       // outputs aux/level1, ... of all levels on the way up but the lowest
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("depth", self.depth);
    field("batch_norm", self.batch_norm);
    field("dropout", self.dropout);
    field("up", self.up);
    field("encoder", self.encoder);
    field("deep_supervision", self.deep_supervision);
  }
};

/// Throws InputError for settings out of range.
void check(const UnetSettings& settings);

/// Of the level, 0 at the top.
double drop_of(const UnetSettings& settings, std::int64_t level);

/// x (N, C, H, W), H and W divisible by 2^depth (by 32 with an encoder), to logits (N, out_channels, H, W). Parameters:
/// down/CHANNELS/{a,b}/..., bottom/CHANNELS/{a,b}/..., up/CHANNELS/..., merge/CHANNELS/{a,b}/..., head/...;
/// with deep_supervision aux/level1/... to level DEPTH - 2 (see deep_supervision.h)
Value unet(const Scope& root, Value x, std::int64_t out_channels, const UnetSettings& settings);

}  // namespace inlay
