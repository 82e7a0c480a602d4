#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

struct ErfnetSettings {
  double width = 1;                           // of 16, 64 and 128 channels
  std::vector<double> dropout = {0.03, 0.3};  // of the encoder's blocks at a quarter and an eighth of the size
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

ErfnetSettings settings_of(const ModelOptions& options) {
  const auto settings = parse_settings<ErfnetSettings>("erfnet", options.settings);
  if (settings.dropout.size() != 2)
    fail_input("erfnet: dropout has {} numbers, expected two: at a quarter and at an eighth of the size",
               settings.dropout.size());
  for (double p : settings.dropout)
    if (!(p >= 0 && p < 1)) fail_input("erfnet: dropout is {}, expected 0 <= dropout < 1", p);
  return settings;
}

constexpr BatchNormOptions kNorm{.epsilon = 1e-3};
constexpr Initializer kFirst{Initializer::Kind::lecun_uniform};

/// Down-sampler block (as in ENet): strided convolution beside max pooling. A picture of more channels than the block
/// should give passes through whole, and one channel is added.
Value down(const Scope& scope, Value x, std::int64_t channels) {
  const std::int64_t added = std::max<std::int64_t>(1, channels - x.shape()[1]);
  const Value convolved = conv2d(scope, x, added, {.stride = 2, .padding = 1, .initializer = kFirst});
  const Value pooled = max_pool2d(x, {.kernel = 2, .ceil_mode = true}).values;
  return relu(batch_norm(scope, concat(std::vector{convolved, pooled}), kNorm));
}

/// A 3x3 convolution as 3x1 and 1x3.
Value factored(const Scope& scope, Value x, std::int64_t dilation) {
  const std::int64_t channels = x.shape()[1];
  x = conv2d(scope / "3x1", x, channels,
             {.kernel = {3, 1}, .padding = {dilation, 0}, .dilation = {dilation, 1}, .initializer = kFirst});
  x = conv2d(scope / "1x3", relu(x), channels,
             {.kernel = {1, 3}, .padding = {0, dilation}, .dilation = {1, dilation}, .initializer = kFirst});
  return batch_norm(scope, x, kNorm);
}

/// Non-bottleneck-1D (figure 2c).
Value block(const Scope& scope, Value x, std::int64_t dilation, double drop) {
  Value y = relu(factored(scope / "a", x, 1));
  y = dropout(scope, factored(scope / "b", y, dilation), drop, true);
  scope.enter();
  return relu(add(y, x));
}

Value up(const Scope& scope, Value x, std::int64_t channels, Value like) {
  x = conv_transpose2d(scope, x, channels,
                       {.kernel = 3, .stride = 2, .padding = 1, .output_padding = 1, .initializer = kFirst});
  return relu(batch_norm(scope, crop_like(x, like, {.offset = 0}), kNorm));
}

/// Table I of the paper.
Value erfnet(const Scope& root, Value image, std::int64_t classes, const ErfnetSettings& settings) {
  const auto channels = [&](std::int64_t paper) { return scaled(paper, settings.width); };
  const Scope encoder = root / "encoder", decoder = root / "decoder";
  const Value half = down(encoder / 1 / "down", image, channels(16));
  const Value quarter = down(encoder / 2 / "down", half, channels(64));
  Value x = quarter;
  for (std::int64_t i = 0; i < 5; ++i) x = block(encoder / 2 / i, x, 1, settings.dropout[0]);
  x = down(encoder / 3 / "down", x, channels(128));
  for (std::int64_t i = 0; i < 8; ++i) x = block(encoder / 3 / i, x, std::int64_t{2} << i % 4, settings.dropout[1]);

  x = up(decoder / 2 / "up", x, channels(64), quarter);
  for (std::int64_t i = 0; i < 2; ++i) x = block(decoder / 2 / i, x, 1, 0);
  x = up(decoder / 1 / "up", x, channels(16), half);
  for (std::int64_t i = 0; i < 2; ++i) x = block(decoder / 1 / i, x, 1, 0);
  x = conv_transpose2d(root / "head", x, classes, {.kernel = 2, .stride = 2, .initializer = kFirst});
  return crop_like(x, image, {.offset = 0});
}

}  // namespace

const Network kErfnet{.name = "erfnet",
                      .about = "ERFNet: residual blocks of 3x1 and 1x3 convolutions, for real time",
                      .paper = "Romera, Alvarez, Bergasa and Arroyo, T-ITS 2018",
                      .defaults = print_defaults<ErfnetSettings>,
                      .build = [](const Scope& root, Value image, const ModelOptions& options) {
                        return erfnet(root, image, options.out_channels, settings_of(options));
                      }};

}  // namespace inlay
