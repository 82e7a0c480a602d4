#include <vector>

#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

/// Level 0 has `width` channels, each level below twice as many.
struct UnetOriginalSettings {
  std::int64_t width = 64;
  std::int64_t depth = 4;
  double dropout = 0.5;  // at the end of the contracting path: after the two lowest levels
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("depth", self.depth);
    field("dropout", self.dropout);
  }
};

UnetOriginalSettings settings_of(const ModelOptions& options) {
  const auto s = parse_settings<UnetOriginalSettings>("unet_original", options.settings);
  if (s.depth < 1 || s.depth > 6) fail_input("unet_original: depth is {}, expected 1 to 6", s.depth);
  return s;
}

/// Every pooling must halve an even side. With p = 2^depth and b pixels at the bottom, sides are p b + 8 p - 4 (572 for
/// b = 28) and those of the logits p b - 4 p + 4 (388), of which one must be left.
SizeRule size_of(const ModelOptions& options) {
  const std::int64_t p = std::int64_t{1} << settings_of(options).depth;
  const std::int64_t b = (4 * p - 3 + p - 1) / p, least = p * b + 8 * p - 4;
  return {.multiple = p, .remainder = least % p, .least = least, .margin = 6 * p - 4};
}

Value double_conv(const Scope& scope, Value x, std::int64_t channels) {
  for (const char* half : {"a", "b"}) x = relu(conv2d(scope / half, x, channels));
  return x;
}

/// Figure 1 of the paper; dropout and the ReLU after an up-convolution as in the network that its authors released.
Value unet_original(const Scope& root, Value x, const ModelOptions& options) {
  const UnetOriginalSettings settings = settings_of(options);
  const auto channels = [&](std::int64_t level) { return settings.width << level; };
  const auto drop = [&](std::int64_t level) { return level >= settings.depth - 1 ? settings.dropout : 0; };
  std::vector<Value> skips;
  for (std::int64_t level = 0; level < settings.depth; ++level) {
    const Scope scope = root / "down" / channels(level);
    skips.push_back(dropout(scope, double_conv(scope, x, channels(level)), drop(level)));
    scope.enter();
    x = max_pool2d(skips.back()).values;
  }
  const Scope bottom = root / "bottom" / channels(settings.depth);
  x = dropout(bottom, double_conv(bottom, x, channels(settings.depth)), drop(settings.depth));
  for (std::int64_t level = settings.depth; level-- > 0;) {
    x = relu(conv_transpose2d(root / "up" / channels(level), x, channels(level), {.kernel = 2, .stride = 2}));
    const Scope scope = root / "merge" / channels(level);
    scope.enter();
    x = concat(std::vector{x, crop_like(skips[static_cast<std::size_t>(level)], x)});
    x = double_conv(scope, x, channels(level));
  }
  return conv2d(root / "head", x, options.out_channels, {.kernel = 1});
}

}  // namespace

const Network kUnetOriginal{.name = "unet_original",
                            .about = "U-Net as published: unpadded, logits for the middle of a tile",
                            .paper = "Ronneberger, Fischer and Brox, MICCAI 2015",
                            .defaults = print_defaults<UnetOriginalSettings>,
                            .size = size_of,
                            .build = unet_original};

}  // namespace inlay
