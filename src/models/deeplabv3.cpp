// Chen, Papandreou, Schroff and Adam, "Rethinking Atrous Convolution for Semantic Image Segmentation" (2017), as
// torchvision builds it: with the settings as they are, the weights of its deeplabv3_resnet50 fit name by name.
#include "base/fail.h"
#include "inlay/ops.h"
#include "models/backbone_nets.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

struct Deeplabv3Settings {
  EncoderKind encoder = EncoderKind::resnet50;
  double width = 1;                            // times all channels
  std::int64_t output_stride = 8;              // of the encoder's last map: 8 or 16
  std::vector<std::int64_t> multi_grid = {1};  // factors of the last stage's dilations; the paper has 1,2,4 too
  bool aux = true;                             // a second head upon the last stage but one, in training
  static void visit(auto& self, auto&& field) {
    field("encoder", self.encoder);
    field("width", self.width);
    field("output_stride", self.output_stride);
    field("multi_grid", self.multi_grid);
    field("aux", self.aux);
  }
};

Deeplabv3Settings settings_of(const ModelOptions& options) {
  const auto s = parse_settings<Deeplabv3Settings>("deeplabv3", options.settings);
  if (s.output_stride != 8 && s.output_stride != 16)
    fail_input("deeplabv3: output_stride is {}, expected 8 or 16", s.output_stride);
  check_multi_grid("deeplabv3", s.encoder, s.multi_grid);
  return s;
}

/// PATH/N/weight without a bias, PATH/N+1/scale and so on, N being `first`.
Value conv_bn_relu(const Scope& scope, std::int64_t first, Value x, std::int64_t channels, ConvLayer layer) {
  layer.bias = false;
  layer.initializer = {Initializer::Kind::lecun_uniform};
  return relu(batch_norm(scope / (first + 1), conv2d(scope / first, x, channels, layer)));
}

/// Atrous spatial pyramid pooling: a 1x1 convolution, three 3x3 at rates of one, two and three times 96 / output_stride
/// (12, 24, 36 at 8), and the mean over the picture, which is one value a channel: with a batch of 1 its batch norm
/// gives its shift alone in training.
Value spatial_pyramid(const Scope& scope, Value x, std::int64_t channels, std::int64_t output_stride) {
  const Scope convs = scope / "convs";
  std::vector<Value> branches{conv_bn_relu(convs / 0, 0, x, channels, {.kernel = 1})};
  for (std::int64_t i = 1; i <= 3; ++i) {
    const std::int64_t rate = i * 96 / output_stride;
    branches.push_back(conv_bn_relu(convs / i, 0, x, channels, {.padding = rate, .dilation = rate}));
  }
  const Scope pooling = convs / 4;
  (pooling / 0).enter();
  const Value mean = conv_bn_relu(pooling, 1, global_avg_pool(x), channels, {.kernel = 1});
  pooling.enter();
  branches.push_back(at_size_of(x, mean));
  scope.enter();
  x = conv_bn_relu(scope / "project", 0, concat(branches), channels, {.kernel = 1});
  return dropout(scope / "project" / 3, x, 0.5);
}

Value build(const Scope& root, Value image, const ModelOptions& options) {
  const Deeplabv3Settings s = settings_of(options);
  const Features features = encode(s.encoder, root / "backbone", image,
                                   {.width = s.width, .output_stride = s.output_stride, .multi_grid = s.multi_grid});
  const std::int64_t channels = scaled(256, s.width);
  const Scope head = root / "classifier";
  Value x = spatial_pyramid(head / 0, features.back(), channels, s.output_stride);
  x = conv_bn_relu(head, 1, x, channels, {.padding = 1});
  x = conv2d(head / 4, x, options.out_channels, {.kernel = 1, .initializer = {Initializer::Kind::lecun_uniform}});
  if (s.aux) add_auxiliary(root, features, image, options.out_channels);
  head.enter();
  return at_size_of(image, x);
}

SizeRule size_of(const ModelOptions& options) {
  const Deeplabv3Settings s = settings_of(options);
  return {.least = least_side(s.encoder, s.output_stride)};
}

}  // namespace

const Network kDeeplabv3{.name = "deeplabv3",
                         .about = "Dilated encoder with atrous spatial pyramid pooling, for things of all sizes",
                         .paper = "Chen, Papandreou, Schroff and Adam, arXiv 2017",
                         .defaults = print_defaults<Deeplabv3Settings>,
                         .size = size_of,
                         .build = build};

}  // namespace inlay
