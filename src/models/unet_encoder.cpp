#include "models/unet_encoder.h"

#include "inlay/ops.h"
#include "models/deep_supervision.h"

namespace inlay {
namespace {

constexpr ConvLayer kThree{.padding = 1, .initializer = {Initializer::Kind::he_uniform}};

Value conv_bn_relu(const Scope& scope, Value x, std::int64_t channels, bool normalise) {
  ConvLayer layer = kThree;
  layer.bias = !normalise;
  x = conv2d(scope / 0, x, channels, layer);
  return relu(normalise ? batch_norm(scope / 1, x) : x);
}

/// Twice the size; `transposed` and `resize_conv` change the channels to the block's.
Value doubled(const Scope& block, Value x, std::int64_t channels, UpSampler kind) {
  block.enter();
  switch (kind) {
    case UpSampler::transposed:
      return conv_transpose2d(block / "up", x, channels, {.kernel = 2, .stride = 2});
    case UpSampler::nearest:
      return resize2d(x, {.scale = 2, .mode = Interpolation::nearest});
    case UpSampler::bilinear:
      return resize2d(x, {.scale = 2, .mode = Interpolation::bilinear});
    case UpSampler::bicubic:
      return resize2d(x, {.scale = 2, .mode = Interpolation::bicubic});
    case UpSampler::nails:
      return bed_of_nails2d(x, {.stride = 2});
    case UpSampler::resize_conv:
      x = pad(resize2d(x, {.scale = 2, .mode = Interpolation::nearest}), {.padding = 1, .mode = PadMode::reflect});
      return conv2d(block / "up", x, channels);
    case UpSampler::unpool:
      break;
  }
  throw std::logic_error("an encoder remembers no positions");
}

}  // namespace

Value unet_on_encoder(const Scope& root, Value x, std::int64_t out_channels, const UnetSettings& settings) {
  check(settings);
  const Value image = x;
  const Features features = encode(*settings.encoder, root / "encoder", x);
  x = features.back();
  if (settings.encoder == EncoderKind::vgg16_bn)  // which has no convolution behind its last max-pool
    for (std::int64_t i = 0; i < 2; ++i)
      x = conv_bn_relu(root / "decoder" / "center" / i, x, x.shape()[1], settings.batch_norm);
  for (std::int64_t i = 0; i < kEncoderLevels; ++i) {
    const std::int64_t level = kEncoderLevels - 1 - i, channels = settings.width << level;
    const Scope block = root / "decoder" / "blocks" / i;
    x = doubled(block, x, channels, settings.up);
    block.enter();
    if (level > 0) x = concat(std::vector{x, features[static_cast<std::size_t>(level - 1)]});
    x = conv_bn_relu(block / "conv1", x, channels, settings.batch_norm);
    x = dropout(block, x, drop_of(settings, level));
    x = conv_bn_relu(block / "conv2", x, channels, settings.batch_norm);
    if (settings.deep_supervision && level > 0 && i > 0) supervise(root, x, level, out_channels, image);
  }
  ConvLayer head = kThree;
  head.initializer = {Initializer::Kind::glorot_uniform};
  return conv2d(root / "segmentation_head" / 0, x, out_channels, head);
}

}  // namespace inlay
