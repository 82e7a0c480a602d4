// Fully convolutional networks (Long, Shelhamer and Darrell 2015; Shelhamer, Long and Darrell 2017): VGG16 with its
// fully connected layers as convolutions gives class scores at 1/32 of the size; FCN-16s and FCN-8s add scores of finer
// stages on the way up. Parameters, the same in all three so that a finer net can start from a coarser one:
// convS/I/..., fc6/..., fc7/..., score/..., score_pool4/..., score_pool3/..., up2/weight, up_pool4/weight, and up32,
// up16 or up8.
#include <vector>

#include "models/networks.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {
namespace {

/// same: every layer keeps its alignment with the picture, and what overhangs at the bottom and right is cut off.
/// original: 100 pixels around the picture, no padding from fc6 on, and the crops of the published nets.
enum class FcnPad : std::uint8_t { same, original };
constexpr auto enum_names(FcnPad) { return std::array<std::string_view, 2>{"same", "original"}; }

struct FcnSettings {
  double width = 1;      // fc6 and fc7 too
  double dropout = 0.5;  // after fc6 and fc7
  FcnPad pad = FcnPad::same;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
    field("pad", self.pad);
  }
};

struct SkipFcnSettings : FcnSettings {
  bool at_once = false;  // the stages that are added are scaled down, so that all scores learn together from the start
  static void visit(auto& self, auto&& field) {
    FcnSettings::visit(self, field);
    field("at_once", self.at_once);
  }
};

struct Trunk {
  Value pool3, pool4;  // at 1/8 and 1/16
  Value top;           // at 1/32
};

Trunk trunk(const Scope& root, Value image, const FcnSettings& settings) {
  const bool original = settings.pad == FcnPad::original;
  const auto stages = vgg16_stages(settings.width);
  std::array<Value, 5> pools;
  Value x = image;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    const VggLayers layers{.first = s == 0 && original ? 100 : 1};
    x = pools[s] = vgg_level(root, s, x, stages[s], layers).pool.values;
  }
  const std::int64_t hidden = scaled(4096, settings.width);
  x = relu(conv2d(root / "fc6", x, hidden, {.kernel = 7, .padding = original ? 0 : 3}));
  x = dropout(root / "fc6", x, settings.dropout);
  x = relu(conv2d(root / "fc7", x, hidden, {.kernel = 1}));
  x = dropout(root / "fc7", x, settings.dropout);
  return {pools[2], pools[3], x};
}

/// Starts at zero, so that a finer net starts as the coarser one that it goes on from.
Value score(const Scope& scope, Value x, std::int64_t classes) {
  return conv2d(scope, x, classes, {.kernel = 1, .initializer = {}});
}

/// Bilinear at first, then learned.
Value up_sample(const Scope& scope, Value x, std::int64_t factor, FcnPad pad) {
  return conv_transpose2d(scope, x, x.shape()[1],
                          {.kernel = 2 * factor,
                           .stride = factor,
                           .padding = pad == FcnPad::same ? factor / 2 : 0,
                           .bias = false,
                           .initializer = {Initializer::Kind::bilinear}});
}

/// A stage whose scores are added.
struct Skip {
  const char *up, *score;
  Value features;
  double scale;         // of the features, for training at once: voc-fcn8s-atonce
  std::int64_t offset;  // of the published crop
};

/// The scores so far, twice as large, and those of a finer stage.
Value fuse(const Scope& root, Value x, const Skip& skip, const SkipFcnSettings& settings) {
  const Scope scope = root / skip.score;
  x = up_sample(root / skip.up, x, 2, settings.pad);
  scope.enter();
  const Value features = settings.at_once ? affine(skip.features, skip.scale) : skip.features;
  Value finer = score(scope, features, x.shape()[1]);
  if (settings.pad == FcnPad::original)
    finer = crop_like(finer, x, {.offset = skip.offset});
  else
    x = crop_like(x, finer, {.offset = 0});
  return add(x, finer);
}

/// `stride`: of the finest scores. `offset`: of the published crop.
Value fcn(const Scope& root, Value image, std::int64_t classes, std::int64_t stride, std::int64_t offset,
          const SkipFcnSettings& settings) {
  const Trunk t = trunk(root, image, settings);
  Value x = score(root / "score", t.top, classes);
  if (stride <= 16) x = fuse(root, x, {"up2", "score_pool4", t.pool4, 0.01, 5}, settings);
  if (stride <= 8) x = fuse(root, x, {"up_pool4", "score_pool3", t.pool3, 0.0001, 9}, settings);
  x = up_sample(root / fmt::format("up{}", stride), x, stride, settings.pad);
  return crop_like(x, image, {.offset = settings.pad == FcnPad::original ? offset : 0});
}

constexpr std::string_view kPaper = "Long, Shelhamer and Darrell, CVPR 2015";

}  // namespace

const Network kFcn32s{.name = "fcn32s",
                      .about = "FCN-32s: VGG16 as a fully convolutional net, up 32 times in one step",
                      .paper = kPaper,
                      .defaults = print_defaults<FcnSettings>,
                      .build = [](const Scope& root, Value image, const ModelOptions& options) {
                        return fcn(root, image, options.out_channels, 32, 19,
                                   {parse_settings<FcnSettings>("fcn32s", options.settings)});
                      }};

const Network kFcn16s{.name = "fcn16s",
                      .about = "FCN-16s: FCN-32s with scores at 1/16 of the size added",
                      .paper = kPaper,
                      .defaults = print_defaults<SkipFcnSettings>,
                      .build = [](const Scope& root, Value image, const ModelOptions& options) {
                        return fcn(root, image, options.out_channels, 16, 27,
                                   parse_settings<SkipFcnSettings>("fcn16s", options.settings));
                      }};

const Network kFcn8s{.name = "fcn8s",
                     .about = "FCN-8s: FCN-16s with scores at 1/8 of the size added",
                     .paper = kPaper,
                     .defaults = print_defaults<SkipFcnSettings>,
                     .build = [](const Scope& root, Value image, const ModelOptions& options) {
                       return fcn(root, image, options.out_channels, 8, 31,
                                  parse_settings<SkipFcnSettings>("fcn8s", options.settings));
                     }};

}  // namespace inlay
