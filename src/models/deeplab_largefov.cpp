#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {
namespace {

struct LargeFovSettings {
  double width = 1;  // times the paper's channels
  double dropout = 0.5;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

/// VGG16 with 3x3 poolings, the last two of stride 1, and dilation 2 behind the fourth. (N, 512, H/8, W/8)
Value trunk(const Scope& root, Value x, double width) {
  const auto stages = vgg16_stages(width);
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::int64_t dilation = i == 4 ? 2 : 1;
    x = vgg_stage(stage_scope(root, "conv", i), x, stages[i], {.first = dilation, .dilation = dilation});
    stage_scope(root, "pool", i).enter();
    x = max_pool2d(x, {.kernel = 3, .stride = i < 3 ? 2 : 1, .padding = 1, .ceil_mode = true}).values;
  }
  return avg_pool2d(x, {.kernel = 3, .stride = 1, .padding = 1});  // of the published model; the paper is silent
}

Value build(const Scope& root, Value image, const ModelOptions& options) {
  const LargeFovSettings s = parse_settings<LargeFovSettings>("deeplab_largefov", options.settings);
  Value x = trunk(root, image, s.width);
  const std::int64_t wide = scaled(1024, s.width);
  x = relu(conv2d(root / "fc6", x, wide, {.padding = 12, .dilation = 12}));
  x = dropout(root / "fc6", x, s.dropout);
  x = dropout(root / "fc7", relu(conv2d(root / "fc7", x, wide, {.kernel = 1})), s.dropout);
  x = conv2d(root / "head", x, options.out_channels, {.kernel = 1, .initializer = {Initializer::Kind::normal, 0.01}});
  (root / "up").enter();
  return resize2d_like(x, image, {.mode = Interpolation::bilinear, .coordinates = Coordinates::align_corners});
}

}  // namespace

const Network kDeepLabLargeFov{.name = "deeplab_largefov",
                               .about = "VGG16 with a 3x3 layer of dilation 12 for a large field of view",
                               .paper = "Chen, Papandreou, Kokkinos, Murphy and Yuille, ICLR 2015",
                               .defaults = print_defaults<LargeFovSettings>,
                               .build = build};

}  // namespace inlay
