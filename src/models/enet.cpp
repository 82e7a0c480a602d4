// ENet (Paszke, Chaurasia, Kim and Culurciello 2016), as the authors' Torch code builds it: that follows the paper but
// for the first pooling of odd sides, which the paper leaves open.
#include <algorithm>
#include <array>
#include <vector>

#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

struct EnetSettings {
  double width = 1;
  static void visit(auto& self, auto&& field) { field("width", self.width); }
};

constexpr BatchNormOptions kNorm{.epsilon = 1e-3};
constexpr Initializer kTorch{Initializer::Kind::lecun_uniform};

/// The encoder's bottlenecks have PReLU and spatial dropout, the decoder's ReLU and none.
struct Style {
  Act act = Act::relu;
  double drop = 0;
};

/// The convolution in the middle of a bottleneck.
struct Middle {
  std::int64_t dilation = 1;
  bool asymmetric = false;  // 1x5 and 5x1 in place of 3x3
};

/// Section 2 of the paper's table, which is there twice.
constexpr std::array<Middle, 8> kSection{{{},
                                          {.dilation = 2},
                                          {.asymmetric = true},
                                          {.dilation = 4},
                                          {},
                                          {.dilation = 8},
                                          {.asymmetric = true},
                                          {.dilation = 16}}};

std::int64_t internal(std::int64_t channels) { return std::max<std::int64_t>(1, channels / 4); }

Value activate(const Scope& scope, Value x, Act act) { return act == Act::prelu ? prelu(scope, x) : relu(x); }

Value convolve(const Scope& scope, Value x, const Middle& middle, Act act) {
  const std::int64_t channels = x.shape()[1];
  if (!middle.asymmetric)
    return conv_norm(scope, x, channels,
                     {.padding = middle.dilation, .dilation = middle.dilation, .initializer = kTorch}, act, kNorm);
  x = conv2d(scope / "row", x, channels, {.kernel = {1, 5}, .padding = {0, 2}, .bias = false, .initializer = kTorch});
  return conv_norm(scope, x, channels, {.kernel = {5, 1}, .padding = {2, 0}, .initializer = kTorch}, act, kNorm);
}

/// y expanded to the channels of `skip`, added to it.
Value expand(const Scope& scope, Value y, Value skip, const Style& style) {
  const Scope last = scope / "expand";
  y = conv_norm(last, y, skip.shape()[1], {.kernel = 1, .initializer = kTorch}, Act::none, kNorm);
  y = dropout(last, y, style.drop, true);
  scope.enter();
  return activate(scope, add(skip, y), style.act);
}

Value bottleneck(const Scope& scope, Value x, const Middle& middle, const Style& style) {
  Value y =
      conv_norm(scope / "project", x, internal(x.shape()[1]), {.kernel = 1, .initializer = kTorch}, style.act, kNorm);
  y = convolve(scope / "conv", y, middle, style.act);
  return expand(scope, y, x, style);
}

/// What the way up needs of a bottleneck that halves the size.
struct Level {
  Value picture;  // before the halving
  Value indices;
};

/// Sides are rounded up: a last row or column of its own is pooled alone, and convolved with zeros.
Value halve(const Scope& scope, Value x, std::int64_t channels, const Style& style, Level& level) {
  Value y = conv_norm(scope / "project", x, internal(channels),
                      {.kernel = 2, .stride = 2, .padding = {0, 0, 1, 1}, .initializer = kTorch}, style.act, kNorm);
  y = convolve(scope / "conv", y, {}, style.act);
  scope.enter();
  const MaxPool pool = max_pool2d(x, {.ceil_mode = true});
  level = {x, pool.indices};
  return expand(scope, y, pad_channels(pool.values, {.behind = channels - x.shape()[1]}), style);
}

/// To the channels and size of level.picture.
Value twice(const Scope& scope, Value x, const Level& level) {
  const std::int64_t channels = level.picture.shape()[1];
  Value y = conv_norm(scope / "project", x, internal(channels), {.kernel = 1, .initializer = kTorch}, Act::relu, kNorm);
  const Scope middle = scope / "conv";
  y = conv_transpose2d(middle, y, internal(channels),
                       {.stride = 2, .padding = 1, .output_padding = 1, .bias = false, .initializer = kTorch});
  y = relu(batch_norm(middle, crop_like(y, level.picture, {.offset = 0}), kNorm));
  const Scope beside = scope / "skip";
  const Value skip = conv_norm(beside, x, channels, {.kernel = 1, .initializer = kTorch}, Act::none, kNorm);
  return expand(scope, y, max_unpool2d(skip, level.indices, level.picture), {});
}

Value initial_block(const Scope& scope, Value image, const EnetSettings& settings) {
  const Value convolved = conv2d(scope, image, scaled(13, settings.width),
                                 {.stride = 2, .padding = 1, .bias = false, .initializer = kTorch});
  const Value pooled = max_pool2d(image, {.ceil_mode = true}).values;
  return prelu(scope, batch_norm(scope, concat(std::vector{convolved, pooled}), kNorm));
}

Value build(const Scope& root, Value image, const ModelOptions& options) {
  const EnetSettings settings = parse_settings<EnetSettings>("enet", options.settings);
  Value x = initial_block(root / "initial", image, settings);
  // Never fewer channels than before: the skip is padded with zeros.
  const std::int64_t fine = std::max(scaled(64, settings.width), x.shape()[1]);
  const std::int64_t coarse = std::max(scaled(128, settings.width), fine);
  Level half, quarter;
  const Style early{Act::prelu, 0.01}, late{Act::prelu, 0.1};
  const Scope first = root / "bottleneck1", second = root / "bottleneck2", third = root / "bottleneck3";
  x = halve(first / 0, x, fine, early, half);
  for (std::int64_t i = 1; i <= 4; ++i) x = bottleneck(first / i, x, {}, early);
  x = halve(second / 0, x, coarse, late, quarter);
  for (const Scope& section : {second, third})
    for (std::size_t i = 0; i < kSection.size(); ++i)
      x = bottleneck(section / static_cast<std::int64_t>(i + 1), x, kSection[i], late);
  const Scope fourth = root / "bottleneck4", fifth = root / "bottleneck5", head = root / "head";
  x = twice(fourth / 0, x, quarter);
  for (std::int64_t i = 1; i <= 2; ++i) x = bottleneck(fourth / i, x, {}, {});
  x = bottleneck(fifth / 1, twice(fifth / 0, x, half), {}, {});
  // Torch counts as fan-in the input channels of a transposed convolution.
  const Initializer torch{kTorch.kind, static_cast<double>(4 * x.shape()[1])};
  x = conv_transpose2d(head, x, options.out_channels, {.kernel = 2, .stride = 2, .initializer = torch});
  return crop_like(x, image, {.offset = 0});
}

}  // namespace

const Network kEnet{.name = "enet",
                    .about = "ENet, small and fast, max-unpooling with the encoder's positions",
                    .paper = "Paszke, Chaurasia, Kim and Culurciello, arXiv 1606.02147, 2016",
                    .defaults = print_defaults<EnetSettings>,
                    .build = build};

}  // namespace inlay
