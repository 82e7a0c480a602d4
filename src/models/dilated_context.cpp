#include "models/dilated_context.h"

#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {
namespace {

struct ContextLayer {
  std::int64_t dilation, multiple;  // of C channels, in the large module
};
constexpr std::array<ContextLayer, 7> kLayers{{{1, 2}, {1, 2}, {2, 4}, {4, 8}, {8, 16}, {16, 32}, {1, 32}}};

struct DilatedSettings {
  double width = 1;      // times the channels of VGG16; the context module has as many as there are classes
  double dropout = 0.5;  // in the front end, after its two wide layers
  Context context = Context::basic;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
    field("context", self.context);
  }
};

/// VGG16 without its last two poolings: what came after them is dilated by 2 and 4 instead. (N, maps, H/8, W/8)
Value front_end(const Scope& root, Value x, std::int64_t maps, const DilatedSettings& s) {
  const auto stages = vgg16_stages(s.width);
  for (std::size_t i = 0; i < 3; ++i) x = vgg_level(root, i, x, stages[i]).pool.values;
  x = vgg_stage(stage_scope(root, "conv", 3), x, stages[3]);
  x = vgg_stage(stage_scope(root, "conv", 4), x, stages[4], {.first = 2, .dilation = 2});
  const std::int64_t wide = scaled(4096, s.width);
  x = relu(conv2d(root / "fc6", x, wide, {.kernel = 7, .padding = 12, .dilation = 4}));
  x = dropout(root / "fc6", x, s.dropout);
  x = dropout(root / "fc7", relu(conv2d(root / "fc7", x, wide, {.kernel = 1})), s.dropout);
  return conv2d(root / "head", x, maps, {.kernel = 1, .initializer = {Initializer::Kind::normal, 0.001}});
}

Value build(const Scope& root, Value image, const ModelOptions& options) {
  const DilatedSettings s = parse_settings<DilatedSettings>("dilated_context", options.settings);
  // The module reads positive values only, so that one logit of two classes would not get through.
  const std::int64_t maps =
      s.context == Context::none ? options.out_channels : std::max<std::int64_t>(2, options.out_channels);
  Value x = front_end(root, image, maps, s);
  if (s.context != Context::none) x = context_module(root / "context", x, options.out_channels, s.context);
  (root / "up").enter();
  return resize2d_like(x, image, {.mode = Interpolation::bilinear});
}

}  // namespace

Value context_module(const Scope& root, Value x, std::int64_t out_channels, Context context) {
  const std::int64_t classes = x.shape()[1];
  std::int64_t number = 0;
  for (const ContextLayer& layer : kLayers) {
    const std::int64_t multiple = context == Context::large ? layer.multiple : 1;
    // Noise sets channels of one origin apart: much smaller than the weights of the identity, none where there is one.
    const double noise = multiple > 1 ? 0.01 / static_cast<double>(multiple) : 0;
    x = relu(conv2d(
        root / ++number, x, classes * multiple,
        {.padding = layer.dilation, .dilation = layer.dilation, .initializer = {Initializer::Kind::identity, noise}}));
  }
  return conv2d(root / "head", x, out_channels, {.kernel = 1, .initializer = {Initializer::Kind::identity}});
}

const Network kDilatedContext{.name = "dilated_context",
                              .about = "VGG16 with dilations for its last poolings, and a module of growing dilations",
                              .paper = "Yu and Koltun, ICLR 2016",
                              .defaults = print_defaults<DilatedSettings>,
                              .build = build};

}  // namespace inlay
