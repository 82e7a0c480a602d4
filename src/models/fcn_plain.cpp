#include "base/fail.h"
#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

/// The plainest net there is: nothing is ever down-sampled, and each 3x3 layer lets a pixel see one pixel further. The
/// receptive field is 1 + 2 `layers`, at the full price of the picture's size for every layer.
struct FcnPlainSettings {
  std::int64_t width = 32;  // channels of each layer
  std::int64_t layers = 8;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("layers", self.layers);
  }
};

FcnPlainSettings settings_of(const ModelOptions& options) {
  const auto s = parse_settings<FcnPlainSettings>("fcn_plain", options.settings);
  if (s.layers < 1 || s.layers > 64) fail_input("fcn_plain: layers is {}, expected 1 to 64", s.layers);
  return s;
}

}  // namespace

const Network kFcnPlain{.name = "fcn_plain",
                        .about = "3x3 convolutions at full size and nothing else, to measure others by",
                        .paper = "Li, Johnson and Yeung, CS231n lecture 11, Stanford 2017",
                        .defaults = print_defaults<FcnPlainSettings>,
                        .build = [](const Scope& root, Value x, const ModelOptions& options) {
                          const FcnPlainSettings s = settings_of(options);
                          for (std::int64_t i = 1; i <= s.layers; ++i)
                            x = relu(conv2d(root / "layer" / i, x, s.width, {.padding = 1}));
                          return conv2d(root / "head", x, options.out_channels, {.kernel = 1});
                        }};

}  // namespace inlay
