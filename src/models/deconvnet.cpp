// DeconvNet (Noh, Hong and Han 2015): VGG16 with its fully connected layers, and all of it mirrored: transposed
// convolutions after max-unpooling, batch norm throughout. Parameters: convS/I/..., fc6/..., fc7/..., deconv_fc6/...,
// deconvS/I/..., score/...
#include <vector>

#include "models/networks.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {
namespace {

struct DeconvnetSettings {
  double width = 1;
  static void visit(auto& self, auto&& field) { field("width", self.width); }
};

/// The paper starts the way up from a normal distribution; batch norm makes its deviation matter little.
constexpr Initializer kSmall{Initializer::Kind::normal, 0.01};

Value deconv(const Scope& scope, Value x, std::int64_t channels, ConvLayer layer) {
  layer.bias = false;
  layer.initializer = kSmall;
  return relu(batch_norm(scope, conv_transpose2d(scope, x, channels, layer)));
}

Value deconvnet(const Scope& root, Value image, std::int64_t out_channels, double width) {
  const auto stages = vgg16_stages(width);
  const std::int64_t hidden = scaled(4096, width);
  std::vector<VggLevel> levels;
  Value x = image;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    levels.push_back(vgg_level(root, s, x, stages[s], {.batch_norm = true}));
    x = levels[s].pool.values;
  }
  x = conv_norm(root / "fc6", x, hidden, {.kernel = 7});
  x = conv_norm(root / "fc7", x, hidden, {.kernel = 1});
  x = deconv(root / "deconv_fc6", x, stages.back().channels, {.kernel = 7});
  for (std::size_t s = stages.size(); s-- > 0;) {
    const Scope scope = stage_scope(root, "deconv", s);
    scope.enter();
    x = max_unpool2d(x, levels[s].pool.indices, levels[s].features);
    for (std::int64_t i = 1; i < stages[s].convolutions; ++i)
      x = deconv(scope / i, x, stages[s].channels, {.padding = 1});
    x = deconv(scope / stages[s].convolutions, x, stages[s > 0 ? s - 1 : 0].channels, {.padding = 1});
  }
  return conv2d(root / "score", x, out_channels, {.kernel = 1, .initializer = kSmall});
}

}  // namespace

const Network kDeconvnet{.name = "deconvnet",
                         .about = "DeconvNet: VGG16 down to one vector, and the same way back; 252 million weights",
                         .paper = "Noh, Hong and Han, ICCV 2015",
                         .defaults = print_defaults<DeconvnetSettings>,
                         .size =
                             [](const ModelOptions& options) {
                               parse_settings<DeconvnetSettings>("deconvnet", options.settings);
                               return SizeRule{.multiple = 32, .least = 224, .patch = 224};
                             },
                         .build =
                             [](const Scope& root, Value image, const ModelOptions& options) {
                               return deconvnet(root, image, options.out_channels,
                                                parse_settings<DeconvnetSettings>("deconvnet", options.settings).width);
                             }};

}  // namespace inlay
