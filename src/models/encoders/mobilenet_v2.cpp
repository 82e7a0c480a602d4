#include "inlay/ops.h"
#include "models/encoders/atrous.h"
#include "models/encoders/encoders.h"
#include "models/settings.h"

namespace inlay {
namespace {

Value relu6(Value x) { return clip(x, {.low = 0, .high = 6}); }

/// PATH/0/weight, PATH/1/scale and so on.
Value conv_bn_relu6(const Scope& s, Value x, std::int64_t channels, ConvLayer layer) {
  layer.bias = false;
  layer.initializer = kEncoderStart;
  return relu6(batch_norm(s / 1, conv2d(s / 0, x, channels, layer)));
}

/// 1x1 to `expansion` times the channels, 3x3 in each channel alone, 1x1 to few channels without an activation.
Value inverted_residual(const Scope& block, Value x, std::int64_t channels, std::int64_t expansion,
                        const AtrousStep& step) {
  const Scope conv = block / "conv";
  const std::int64_t in = x.shape()[1], inside = in * expansion;
  std::int64_t layer = 0;
  Value y = x;
  if (expansion != 1) y = conv_bn_relu6(conv / layer++, y, inside, {.kernel = 1});
  y = conv_bn_relu6(conv / layer++, y, inside,
                    {.stride = step.stride, .padding = step.dilation, .dilation = step.dilation, .groups = inside});
  y = conv2d(conv / layer++, y, channels, {.kernel = 1, .bias = false, .initializer = kEncoderStart});
  y = batch_norm(conv / layer, y);
  if (step.stride != 1 || in != channels) return y;
  block.enter();
  return add(x, y);
}

}  // namespace

Features encode_mobilenet_v2(const Scope& scope, Value image, const EncoderOptions& options) {
  Features features;
  const Scope s = scope / "features";
  std::int64_t number = 0, level = 0, unit_of_last_stage = 0;
  Value x = conv_bn_relu6(s / number++, image, scaled(32, options.width), {.stride = 2, .padding = 1});
  Atrous atrous(options.output_stride, 2);
  for (const MobilenetStage& stage : kMobilenetV2) {
    if (stage.stride == 2) features[static_cast<std::size_t>(level++)] = x;
    AtrousStep step = atrous.step(stage.stride);
    for (std::int64_t i = 0; i < stage.units; ++i) {
      const std::int64_t factor = level == 4 ? grid_factor(options, unit_of_last_stage++) : 1;
      x = inverted_residual(s / number++, x, scaled(stage.channels, options.width), stage.expansion,
                            times(step, factor));
      step = {1, step.next_dilation, step.next_dilation};
    }
  }
  features[4] = conv_bn_relu6(s / number, x, scaled(1280, options.width), {.kernel = 1});
  return features;
}

}  // namespace inlay
