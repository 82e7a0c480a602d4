#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

struct EspnetSettings {
  double width = 1;    // of the encoder: 16, 64 and 128 channels
  std::int64_t p = 2;  // ESP modules at a quarter of the size
  std::int64_t q = 8;  // and at an eighth
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("p", self.p);
    field("q", self.q);
  }
};

EspnetSettings settings_of(const ModelOptions& options) {
  const auto settings = parse_settings<EspnetSettings>("espnet", options.settings);
  for (const auto& [name, blocks] : {std::pair{"p", settings.p}, std::pair{"q", settings.q}})
    if (blocks < 1 || blocks > 64) fail_input("espnet: {} is {}, expected 1 to 64", name, blocks);
  return settings;
}

constexpr std::int64_t kBranches = 5;
constexpr BatchNormOptions kNorm{.epsilon = 1e-3};

Value conv(const Scope& scope, Value x, std::int64_t channels, ConvLayer layer) {
  layer.bias = false;
  layer.initializer = {Initializer::Kind::lecun_uniform};
  return conv2d(scope, x, channels, layer);
}

Value norm_prelu(const Scope& scope, Value x) { return prelu(scope, batch_norm(scope, x, kNorm)); }

Value join(const Scope& scope, const std::vector<Value>& values) {
  scope.enter();
  return norm_prelu(scope, concat(values));
}

/// ESP module (section 3.1): few channels, seen at five dilations, each added to the next smaller one so that no grid
/// shows.
Value esp(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& reduce, bool residual) {
  const std::int64_t branch = channels / kBranches;
  const Value reduced = conv(scope / "reduce", x, branch, reduce);
  std::vector<Value> branches{conv(scope / "d1", reduced, channels - (kBranches - 1) * branch, {.padding = 1})};
  for (std::int64_t dilation : {2, 4, 8, 16}) {
    const Value seen =
        conv(scope / fmt::format("d{}", dilation), reduced, branch, {.padding = dilation, .dilation = dilation});
    branches.push_back(dilation == 2 ? seen : add(branches.back(), seen));
  }
  scope.enter();
  const Value merged = concat(branches);
  return norm_prelu(scope, residual ? add(x, merged) : merged);
}

/// Down to half of the size, then `blocks` modules: the first result and the last.
std::pair<Value, Value> level(const Scope& scope, Value x, std::int64_t channels, std::int64_t blocks) {
  const Value first = esp(scope / "down", x, channels, {.kernel = 3, .stride = 2, .padding = 1}, false);
  Value last = first;
  for (std::int64_t i = 0; i < blocks; ++i) last = esp(scope / i, last, channels, {.kernel = 1}, true);
  return {first, last};
}

Value half(Value image) { return avg_pool2d(image, {.kernel = 3, .stride = 2, .padding = 1}); }

Value up(const Scope& scope, Value x, std::int64_t channels, Value like) {
  const Value twice = conv_transpose2d(
      scope, x, channels, {.kernel = 2, .stride = 2, .bias = false, .initializer = {Initializer::Kind::lecun_uniform}});
  return crop_like(twice, like, {.offset = 0});
}

Value espnet(const Scope& root, Value image, std::int64_t classes, const EspnetSettings& settings) {
  const auto channels = [&](std::int64_t paper) { return std::max(kBranches, scaled(paper, settings.width)); };
  const Scope level1 = root / "level1", level2 = root / "level2", level3 = root / "level3";
  const ConvLayer halving{.stride = 2, .padding = 1, .initializer = {Initializer::Kind::lecun_uniform}};
  const Value x1 = conv_norm(level1, image, channels(16), halving, Act::prelu, kNorm);
  const Value image1 = half(image);
  const Value skip1 = join(level1 / "join", {x1, image1});
  const auto [first2, last2] = level(level2, skip1, channels(64), settings.p);
  level2.enter();
  const Value skip2 = join(level2 / "join", {last2, first2, half(image1)});
  const auto [first3, last3] = level(level3, skip2, channels(128), settings.q);

  // The decoder has a channel a class, and five where there are fewer classes: its ESP module has five branches.
  const std::int64_t wide = std::max(kBranches, classes);
  const Scope project3 = root / "project3", up2 = root / "up2", merge2 = root / "merge2", merge1 = root / "merge1";
  Value x = conv(project3, join(level3 / "join", {first3, last3}), wide, {.kernel = 1});
  x = up(root / "up3", batch_norm(project3, x, kNorm), wide, skip2);
  x = join(merge2 / "join", {conv(root / "project2", skip2, wide, {.kernel = 1}), x});
  x = esp(merge2, x, wide, {.kernel = 1}, false);
  x = norm_prelu(up2, up(up2, x, wide, skip1));
  merge1.enter();
  x = conv_norm(merge1, concat(std::vector{x, skip1}), wide,
                {.padding = 1, .initializer = {Initializer::Kind::lecun_uniform}}, Act::prelu, kNorm);
  return up(root / "head", x, classes, image);
}

}  // namespace

const Network kEspnet{.name = "espnet",
                      .about = "ESPNet: 0.35 million parameters, a pyramid of dilated convolutions",
                      .paper = "Mehta, Rastegari, Caspi, Shapiro and Hajishirzi, ECCV 2018",
                      .defaults = print_defaults<EspnetSettings>,
                      .build = [](const Scope& root, Value image, const ModelOptions& options) {
                        return espnet(root, image, options.out_channels, settings_of(options));
                      }};

}  // namespace inlay
