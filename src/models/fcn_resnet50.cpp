// The fully convolutional net of torchvision: Long, Shelhamer and Darrell's idea on a dilated ResNet-50. The weights of
// its fcn_resnet50 fit name by name.
#include "models/backbone_nets.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

struct FcnResnet50Settings {
  double width = 1;  // times all channels
  bool aux = true;   // a second head upon the last stage but one, in training
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("aux", self.aux);
  }
};

Value build(const Scope& root, Value image, const ModelOptions& options) {
  const FcnResnet50Settings settings = parse_settings<FcnResnet50Settings>("fcn_resnet50", options.settings);
  const Features features =
      encode(EncoderKind::resnet50, root / "backbone", image, {.width = settings.width, .output_stride = 8});
  const Scope head = root / "classifier";
  const Value logits = fcn_head(head, features.back(), options.out_channels);
  if (settings.aux) add_auxiliary(root, features, image, options.out_channels);
  head.enter();
  return at_size_of(image, logits);
}

}  // namespace

const Network kFcnResnet50{.name = "fcn_resnet50",
                           .about = "A dilated ResNet-50 with a small convolutional head",
                           .paper = "Long, Shelhamer and Darrell, CVPR 2015; He et al., CVPR 2016",
                           .defaults = print_defaults<FcnResnet50Settings>,
                           .build = build};

}  // namespace inlay
