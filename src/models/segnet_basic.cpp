// The two small nets on which SegNet's paper compares ways up (section 3.1, table 1): four stages of one 7x7
// convolution with 64 channels. SegNet-Basic goes up as SegNet does; FCN-Basic by learned up-sampling of class scores,
// to which it adds those of the way down. Parameters: convS/..., decodeS/..., scoreS/..., upS/..., score/...
#include <array>

#include "models/networks.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {
namespace {

constexpr std::size_t kStages = 4;
constexpr std::int64_t kChannels = 64;
constexpr ConvLayer kWide{.kernel = 7, .padding = 3};

/// `drop`: after the pools of the last two stages.
std::array<VggLevel, kStages> encode(const Scope& root, Value x, std::int64_t channels, double drop) {
  std::array<VggLevel, kStages> levels;
  for (std::size_t s = 0; s < kStages; ++s) {
    const Value features = conv_norm(stage_scope(root, "conv", s), x, channels, kWide);
    MaxPool pool = vgg_pool(root, s, features);
    if (s >= 2) pool.values = dropout(stage_scope(root, "pool", s), pool.values, drop);
    levels[s] = {features, pool};
    x = pool.values;
  }
  return levels;
}

struct SegnetBasicSettings {
  double width = 1;
  double dropout = 0;  // Bayesian SegNet-Basic: 0.5
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

Value segnet_basic(const Scope& root, Value image, std::int64_t out_channels, const SegnetBasicSettings& settings) {
  const std::int64_t channels = scaled(kChannels, settings.width);
  const auto levels = encode(root, image, channels, settings.dropout);
  Value x = levels.back().pool.values;
  for (std::size_t s = kStages; s-- > 0;) {
    const Scope scope = stage_scope(root, "decode", s);
    scope.enter();
    x = max_unpool2d(x, levels[s].pool.indices, levels[s].features);
    x = conv_norm(scope, x, channels, kWide, Act::none);
    if (s >= 2) x = dropout(scope, x, settings.dropout);
  }
  return conv2d(root / "score", x, out_channels, {.kernel = 1});
}

struct FcnBasicSettings {
  double width = 1;
  bool reduce = true;  // to the number of classes before the way up; off: FCN-Basic-NoDimReduction
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("reduce", self.reduce);
  }
};

/// Twice as large with the paper's 8x8 kernel, then cut to the size of `like`.
Value up_sample(const Scope& scope, Value x, Value like) {
  x = conv_transpose2d(
      scope, x, x.shape()[1],
      {.kernel = 8, .stride = 2, .padding = 3, .bias = false, .initializer = {Initializer::Kind::bilinear, 2}});
  return crop_like(x, like, {.offset = 0});
}

Value fcn_basic(const Scope& root, Value image, std::int64_t out_channels, const FcnBasicSettings& settings) {
  const auto levels = encode(root, image, scaled(kChannels, settings.width), 0);
  const auto reduced = [&](std::size_t s) {
    const Value x = levels[s].pool.values;
    return settings.reduce ? conv2d(stage_scope(root, "score", s), x, out_channels, {.kernel = 1}) : x;
  };
  Value x = reduced(kStages - 1);
  for (std::size_t s = kStages; s-- > 0;) {
    const Scope scope = stage_scope(root, "up", s);
    x = up_sample(scope, x, levels[s].features);
    if (s == 0) break;
    const Value skip = reduced(s - 1);
    scope.enter();
    x = add(x, skip);
  }
  return settings.reduce ? x : conv2d(root / "score", x, out_channels, {.kernel = 1});
}

}  // namespace

const Network kSegnetBasic{.name = "segnet_basic",
                           .about = "SegNet-Basic: four stages of 7x7 convolutions, up by remembered positions",
                           .paper = "Badrinarayanan, Kendall and Cipolla, PAMI 2017",
                           .defaults = print_defaults<SegnetBasicSettings>,
                           .build = [](const Scope& root, Value image, const ModelOptions& options) {
                             return segnet_basic(root, image, options.out_channels,
                                                 parse_settings<SegnetBasicSettings>("segnet_basic", options.settings));
                           }};

const Network kFcnBasic{.name = "fcn_basic",
                        .about = "FCN-Basic: four stages of 7x7 convolutions, up by learned interpolation",
                        .paper = "Badrinarayanan, Kendall and Cipolla, PAMI 2017",
                        .defaults = print_defaults<FcnBasicSettings>,
                        .build = [](const Scope& root, Value image, const ModelOptions& options) {
                          return fcn_basic(root, image, options.out_channels,
                                           parse_settings<FcnBasicSettings>("fcn_basic", options.settings));
                        }};

}  // namespace inlay
