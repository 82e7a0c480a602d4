#include "models/unet.h"

#include "base/fail.h"
#include "inlay/ops.h"
#include "models/deep_supervision.h"
#include "models/networks.h"
#include "models/settings.h"
#include "models/unet_encoder.h"

namespace inlay {
namespace {

Value double_conv(const Scope& scope, Value x, std::int64_t channels, double drop, bool normalise) {
  for (const char* half : {"a", "b"}) {
    const Scope s = scope / half;
    x = normalise ? conv_norm(s, x, channels, {.padding = 1}) : relu(conv2d(s, x, channels, {.padding = 1}));
    if (half[0] == 'a') x = dropout(s, x, drop);
  }
  return x;
}

struct Level {
  Value skip;     // (N, channels, H, W)
  Value indices;  // where the pooled values came from
  std::int64_t channels;
  double drop;
};

/// (N, 2C, H/2, W/2) to (N, C, H, W), C and the size of `level`.
Value up_sample(const Scope& scope, Value x, const Level& level, UpSampler kind) {
  constexpr auto kSame = ConvLayer{.padding = 1};
  const auto resized = [&](Interpolation mode) {
    scope.enter();
    return conv2d(scope, resize2d(x, {.scale = 2, .mode = mode}), level.channels, kSame);
  };
  switch (kind) {
    case UpSampler::transposed:
      return conv_transpose2d(scope, x, level.channels, {.kernel = 2, .stride = 2});
    case UpSampler::nearest:
      return resized(Interpolation::nearest);
    case UpSampler::bilinear:
      return resized(Interpolation::bilinear);
    case UpSampler::bicubic:
      return resized(Interpolation::bicubic);
    case UpSampler::unpool:
      return max_unpool2d(conv2d(scope, x, level.channels, kSame), level.indices, level.skip);
    case UpSampler::nails:
      scope.enter();
      return conv2d(scope, bed_of_nails2d(x, {.stride = 2}), level.channels, kSame);
    case UpSampler::resize_conv:
      scope.enter();
      x = pad(resize2d(x, {.scale = 2, .mode = Interpolation::nearest}), {.padding = 1, .mode = PadMode::reflect});
      return conv2d(scope, x, level.channels);
  }
  throw std::logic_error("unknown up-sampler");
}

UnetSettings settings_of(const ModelOptions& options) {
  const auto settings = parse_settings<UnetSettings>("unet", options.settings);
  if (settings.encoder && options.settings.contains("depth"))
    fail_input("unet: encoder={} has {} levels of its own; leave depth out", print_setting(settings.encoder),
               kEncoderLevels);
  check(settings);
  return settings;
}

SizeRule size_of(const ModelOptions& options) {
  const UnetSettings settings = settings_of(options);
  return {.multiple = std::int64_t{1} << (settings.encoder ? kEncoderLevels : settings.depth)};
}

}  // namespace

void check(const UnetSettings& s) {
  if (s.width < 1 || s.width > 1024) fail_input("unet: width is {}, expected 1 to 1024", s.width);
  if (s.depth < 1 || s.depth > 8) fail_input("unet: depth is {}, expected 1 to 8", s.depth);
  const auto levels = static_cast<std::size_t>(s.encoder ? kEncoderLevels : s.depth + 1);
  if (s.dropout.size() != 1 && s.dropout.size() != levels)
    fail_input("unet: dropout has {} numbers, expected one, or {}: one a level from the top to the bottom",
               s.dropout.size(), levels);
  for (double p : s.dropout) check_dropout("unet", p);
  if (s.deep_supervision && !s.encoder && s.depth < 3)
    fail_input("unet: deep_supervision needs a depth of 3 or more, it is {}", s.depth);
  if (s.encoder && s.up == UpSampler::unpool)
    fail_input(
        "unet: up=unpool needs the positions that max-pools found; encoder={} has none for every level, use "
        "another up, such as nearest",
        print_setting(s.encoder));
}

double drop_of(const UnetSettings& settings, std::int64_t level) {
  return settings.dropout.size() == 1 ? settings.dropout[0] : settings.dropout[static_cast<std::size_t>(level)];
}

Value unet(const Scope& root, Value x, std::int64_t out_channels, const UnetSettings& settings) {
  check(settings);
  if (settings.encoder) return unet_on_encoder(root, x, out_channels, settings);
  const Value image = x;
  std::vector<Level> levels;
  for (std::int64_t i = 0; i < settings.depth; ++i) {
    const std::int64_t channels = settings.width << i;
    const Scope scope = root / "down" / channels;
    const double drop = drop_of(settings, i);
    const Value skip = double_conv(scope, x, channels, drop, settings.batch_norm);
    scope.enter();
    const MaxPool pool = max_pool2d(skip);
    levels.push_back({skip, pool.indices, channels, drop});
    x = pool.values;
  }
  const std::int64_t lowest = settings.width << settings.depth;
  x = double_conv(root / "bottom" / lowest, x, lowest, drop_of(settings, settings.depth), settings.batch_norm);
  for (std::int64_t i = settings.depth; i-- > 0;) {
    const Level& level = levels[static_cast<std::size_t>(i)];
    x = up_sample(root / "up" / level.channels, x, level, settings.up);
    const Scope scope = root / "merge" / level.channels;
    scope.enter();
    x = double_conv(scope, concat(std::vector{level.skip, x}), level.channels, level.drop, settings.batch_norm);
    if (settings.deep_supervision && i > 0 && i < settings.depth - 1) supervise(root, x, i, out_channels, image);
  }
  return conv2d(root / "head", x, out_channels, {.kernel = 1});
}

const Network kUnet{.name = "unet",
                    .about = "U-Net with skip connections, for few and small data",
                    .paper = "Ronneberger, Fischer and Brox, MICCAI 2015",
                    .defaults = print_defaults<UnetSettings>,
                    .size = size_of,
                    .build = [](const Scope& root, Value image, const ModelOptions& options) {
                      return unet(root, image, options.out_channels, settings_of(options));
                    }};

}  // namespace inlay
