// Fast-SCNN (Poudel, Liwicki and Cipolla 2019).
#include <vector>

#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

struct FastScnnSettings {
  double width = 1;
  bool aux = true;  // losses of their own for the end of learning to down-sample and of the global features
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("aux", self.aux);
  }
};

constexpr double kDropout = 0.1;
constexpr Resize2dOptions kBilinear{.mode = Interpolation::bilinear};

Value depthwise(const Scope& scope, Value x, std::int64_t stride, std::int64_t dilation, Act act) {
  const std::int64_t channels = x.shape()[1];
  return conv_norm(scope, x, channels,
                   {.stride = stride, .padding = dilation, .dilation = dilation, .groups = channels}, act);
}

Value pointwise(const Scope& scope, Value x, std::int64_t channels, Act act) {
  return conv_norm(scope, x, channels, {.kernel = 1}, act);
}

/// DSConv: without a non-linearity in between.
Value separable(const Scope& scope, Value x, std::int64_t channels, std::int64_t stride) {
  return pointwise(scope / "pointwise", depthwise(scope / "depthwise", x, stride, 1, Act::none), channels, Act::relu);
}

/// The inverted residual of MobileNetV2 (Sandler et al. 2018), expansion 6.
Value bottleneck(const Scope& scope, Value x, std::int64_t channels, std::int64_t stride) {
  const std::int64_t in = x.shape()[1];
  Value y = pointwise(scope / "expand", x, 6 * in, Act::relu);
  y = depthwise(scope / "depthwise", y, stride, 1, Act::relu);
  y = pointwise(scope / "project", y, channels, Act::none);
  if (stride != 1 || in != channels) return y;
  scope.enter();
  return add(x, y);
}

/// Three bottlenecks, the first with the stride.
Value bottlenecks(const Scope& scope, Value x, std::int64_t channels, std::int64_t stride) {
  for (std::int64_t i = 0; i < 3; ++i) x = bottleneck(scope / i, x, channels, i == 0 ? stride : 1);
  return x;
}

/// Zhao et al. 2017.
Value pyramid_pooling(const Scope& scope, Value x) {
  const std::int64_t channels = x.shape()[1];
  std::vector<Value> all{x};
  for (const std::int64_t bins : {1, 2, 3, 6}) {
    const Scope level = scope / bins;
    level.enter();
    const Value pooled = adaptive_avg_pool2d(x, {bins});
    all.push_back(
        resize2d_like(pointwise(level, pooled, std::max<std::int64_t>(1, channels / 4), Act::relu), x, kBilinear));
  }
  const Scope out = scope / "out";
  out.enter();
  return pointwise(out, concat(all), channels, Act::relu);
}

/// Table 3: the coarse features are four times as small, so the convolution that follows is dilated by 4.
Value fuse(const Scope& scope, Value fine, Value coarse) {
  const std::int64_t channels = coarse.shape()[1];
  const Scope wide = scope / "depthwise";
  wide.enter();
  coarse = depthwise(wide, resize2d_like(coarse, fine, kBilinear), 1, 4, Act::relu);
  coarse = pointwise(scope / "coarse", coarse, channels, Act::none);
  fine = pointwise(scope / "fine", fine, channels, Act::none);
  scope.enter();
  return relu(add(fine, coarse));
}

Value build(const Scope& root, Value image, const ModelOptions& options) {
  const FastScnnSettings settings = parse_settings<FastScnnSettings>("fast_scnn", options.settings);
  const auto channels = [&](std::int64_t count) { return scaled(count, settings.width); };
  const auto head = [&](const Scope& scope, Value x) {
    x = conv2d(scope, dropout(scope, x, kDropout), options.out_channels, {.kernel = 1});
    return resize2d_like(x, image, kBilinear);
  };
  const auto auxiliary = [&](const std::string& name, Value x) {
    if (!settings.aux) return;
    const Scope scope = root / "aux" / name;
    x = conv_norm(scope / "conv", x, channels(32), {.padding = 1});
    root.graph().set_output("aux/" + name, head(scope, x));
  };
  const Scope down = root / "down", global = root / "global", classifier = root / "classifier";
  Value x = conv_norm(down / 0, image, channels(32), {.stride = 2, .padding = 1});
  x = separable(down / 1, x, channels(48), 2);
  const Value fine = separable(down / 2, x, channels(64), 2);
  auxiliary("down", fine);
  x = bottlenecks(global / 0, fine, channels(64), 2);
  x = bottlenecks(global / 1, x, channels(96), 2);
  x = bottlenecks(global / 2, x, channels(128), 1);
  x = pyramid_pooling(global / "pyramid", x);
  auxiliary("global", x);
  x = fuse(root / "fusion", fine, x);
  for (std::int64_t i = 0; i < 2; ++i) x = separable(classifier / i, x, channels(128), 1);
  return head(root / "head", x);
}

}  // namespace

const Network kFastScnn{.name = "fast_scnn",
                        .about = "Fast-SCNN, for large pictures in real time",
                        .paper = "Poudel, Liwicki and Cipolla, BMVC 2019",
                        .defaults = print_defaults<FastScnnSettings>,
                        .build = build};

}  // namespace inlay
