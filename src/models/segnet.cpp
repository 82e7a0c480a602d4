// SegNet (Badrinarayanan, Kendall and Cipolla 2017): VGG16 with batch norm, and the same convolutions back, after
// max-unpooling at the positions that the way down remembers. With dropout: Bayesian SegNet (Kendall, Badrinarayanan
// and Cipolla 2017). Parameters: convS/I/..., decodeS/I/..., score/...
#include <vector>

#include "models/networks.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {
namespace {

struct SegnetSettings {
  double width = 1;
  double dropout = 0;  // Bayesian SegNet: 0.5
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

/// Dropout stands around the middle of the net: after the stages 3 to 5 down and up.
double dropout_of(const SegnetSettings& settings, std::size_t stage) { return stage >= 2 ? settings.dropout : 0; }

/// The stage backwards, from its last convolution to its second; the first leads to the channels above.
Value decode(const Scope& scope, Value x, const VggStage& stage) {
  for (std::int64_t i = stage.convolutions; i > 1; --i) x = conv_norm(scope / i, x, stage.channels, {.padding = 1});
  return x;
}

Value segnet(const Scope& root, Value image, std::int64_t out_channels, const SegnetSettings& settings) {
  const auto stages = vgg16_stages(settings.width);
  std::vector<VggLevel> levels;
  Value x = image;
  for (std::size_t s = 0; s < stages.size(); ++s) {
    levels.push_back(vgg_level(root, s, x, stages[s], {.batch_norm = true}));
    x = dropout(stage_scope(root, "pool", s), levels[s].pool.values, dropout_of(settings, s));
  }
  for (std::size_t s = stages.size(); s-- > 0;) {
    const Scope scope = stage_scope(root, "decode", s);
    scope.enter();
    x = decode(scope, max_unpool2d(x, levels[s].pool.indices, levels[s].features), stages[s]);
    if (s == 0) break;
    x = conv_norm(scope / 1, x, stages[s - 1].channels, {.padding = 1});
    x = dropout(scope, x, dropout_of(settings, s));
  }
  return conv2d(root / "score", x, out_channels, {.padding = 1});
}

}  // namespace

const Network kSegnet{.name = "segnet",
                      .about = "SegNet: VGG16 and its mirror image, up by remembered max-pool positions",
                      .paper = "Badrinarayanan, Kendall and Cipolla, PAMI 2017",
                      .defaults = print_defaults<SegnetSettings>,
                      .build = [](const Scope& root, Value image, const ModelOptions& options) {
                        return segnet(root, image, options.out_channels,
                                      parse_settings<SegnetSettings>("segnet", options.settings));
                      }};

}  // namespace inlay
