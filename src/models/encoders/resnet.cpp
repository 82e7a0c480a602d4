#include "inlay/ops.h"
#include "models/encoders/atrous.h"
#include "models/encoders/encoders.h"
#include "models/settings.h"

namespace inlay {
namespace {

constexpr std::int64_t kExpansion = 4;  // of a bottleneck

/// conv1 and bn1, conv2 and bn2 and so on.
Value conv_bn(const Scope& block, std::int64_t number, Value x, std::int64_t channels, ConvLayer layer) {
  layer.bias = false;
  layer.initializer = kEncoderStart;
  x = conv2d(block / fmt::format("conv{}", number), x, channels, layer);
  return batch_norm(block / fmt::format("bn{}", number), x);
}

ConvLayer three(std::int64_t stride, std::int64_t dilation) {
  return {.stride = stride, .padding = dilation, .dilation = dilation};
}

Value basic(const Scope& s, Value x, std::int64_t channels, const AtrousStep& step) {
  x = relu(conv_bn(s, 1, x, channels, three(step.stride, step.dilation)));
  return conv_bn(s, 2, x, channels, three(1, step.next_dilation));
}

Value bottleneck(const Scope& s, Value x, std::int64_t channels, const AtrousStep& step) {
  x = relu(conv_bn(s, 1, x, channels, {.kernel = 1}));
  x = relu(conv_bn(s, 2, x, channels, three(step.stride, step.dilation)));
  return conv_bn(s, 3, x, channels * kExpansion, {.kernel = 1});
}

Value unit(const Scope& s, Value x, std::int64_t channels, const AtrousStep& step, bool is_bottleneck) {
  const Value y = is_bottleneck ? bottleneck(s, x, channels, step) : basic(s, x, channels, step);
  const Shape out = y.shape();
  if (step.stride != 1 || x.shape()[1] != out[1]) {
    const Scope down = s / "downsample";
    x = conv2d(down / 0, x, out[1], {.kernel = 1, .stride = step.stride, .bias = false, .initializer = kEncoderStart});
    x = batch_norm(down / 1, x);
  }
  s.enter();
  return relu(add(y, x));
}

}  // namespace

Features encode_resnet(const ResnetLayout& layout, const Scope& scope, Value image, const EncoderOptions& options) {
  Features features;
  features[0] = relu(conv_bn(scope, 1, image, scaled(64, options.width), {.kernel = 7, .stride = 2, .padding = 3}));
  (scope / "maxpool").enter();
  Value x = max_pool2d(features[0], {.kernel = 3, .stride = 2, .padding = 1}).values;
  Atrous atrous(options.output_stride, 4);
  for (std::size_t stage = 0; stage < layout.blocks.size(); ++stage) {
    const Scope s = scope / fmt::format("layer{}", stage + 1);
    const std::int64_t channels = scaled(std::int64_t{64} << stage, options.width);
    AtrousStep step = atrous.step(stage == 0 ? 1 : 2);
    for (std::int64_t i = 0; i < layout.blocks[stage]; ++i) {
      const std::int64_t factor = stage == 3 ? grid_factor(options, i) : 1;
      x = unit(s / i, x, channels, times(step, factor), layout.bottleneck);
      step = {1, step.next_dilation, step.next_dilation};
    }
    features[stage + 1] = x;
  }
  return features;
}

}  // namespace inlay
