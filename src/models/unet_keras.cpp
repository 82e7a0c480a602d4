// Two U-Nets that are known by their Keras listings, layer by layer as these have them. Sizes that are no multiple of
// 16, which the listings refuse, are pooled to the next whole number and cut again on the way up.
#include "base/fail.h"
#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

constexpr std::int64_t kDepth = 4;
constexpr Initializer kGlorot{Initializer::Kind::glorot_uniform};  // what Keras takes when nothing is said

struct LectureSettings {
  std::int64_t width = 16;  // start_neurons
  double dropout = 0.5;     // after poolings and joins; half of it after the first pooling
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

/// The published function conv2d_block() reads its input twice: the second convolution takes the place of the first
/// instead of following it.
enum class Quirk : std::uint8_t { none, single_convolution };
constexpr auto enum_names(Quirk) { return std::array<std::string_view, 2>{"none", "single_convolution"}; }

struct TgsSettings {
  std::int64_t width = 16;  // n_filters
  double dropout = 0.05;    // after poolings and joins
  Quirk quirk = Quirk::none;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
    field("quirk", self.quirk);
  }
};

/// What both have in common. `block(scope, x, channels)` is what a level does at its size.
template <class Block>
Value keras_unet(const Scope& root, Value x, const ModelOptions& options, std::int64_t width, double first_dropout,
                 double other_dropout, Block block) {
  std::vector<Value> skips;
  for (std::int64_t i = 0; i < kDepth; ++i) {
    const std::int64_t channels = width << i;
    const Scope scope = root / "down" / channels;
    skips.push_back(block(scope, x, channels));
    scope.enter();
    x = max_pool2d(skips.back(), {.ceil_mode = true}).values;
    x = dropout(scope, x, i == 0 ? first_dropout : other_dropout);
  }
  x = block(root / "bottom" / (width << kDepth), x, width << kDepth);
  for (std::int64_t i = kDepth; i-- > 0;) {
    const std::int64_t channels = width << i;
    const Value skip = skips[static_cast<std::size_t>(i)];
    // Keras' padding "same" at stride 2: a row and a column less at the bottom and right.
    x = conv_transpose2d(root / "up" / channels, x, channels,
                         {.stride = 2, .padding = Padding(0, 0, 1, 1), .initializer = kGlorot});
    x = crop_like(x, skip, {.offset = 0});
    const Scope scope = root / "merge" / channels;
    scope.enter();
    x = block(scope, dropout(scope, concat(std::vector{x, skip}), other_dropout), channels);
  }
  return conv2d(root / "head", x, options.out_channels, {.kernel = 1, .initializer = kGlorot});
}

Value build_lecture(const Scope& root, Value image, const ModelOptions& options) {
  const LectureSettings s = parse_settings<LectureSettings>("unet_lecture", options.settings);
  return keras_unet(root, image, options, s.width, s.dropout / 2, s.dropout,
                    [](const Scope& scope, Value x, std::int64_t channels) {
                      for (const char* half : {"a", "b"})
                        x = relu(conv2d(scope / half, x, channels, {.padding = 1, .initializer = kGlorot}));
                      return x;
                    });
}

Value build_tgs(const Scope& root, Value image, const ModelOptions& options) {
  const TgsSettings s = parse_settings<TgsSettings>("unet_tgs", options.settings);
  const auto layer = [](const Scope& scope, Value x, std::int64_t channels) {
    return relu(batch_norm(scope, conv2d(scope, x, channels, {.padding = 1}), {.epsilon = 1e-3, .momentum = 0.01}));
  };
  return keras_unet(root, image, options, s.width, s.dropout, s.dropout,
                    [&](const Scope& scope, Value x, std::int64_t channels) {
                      if (s.quirk == Quirk::none) x = layer(scope / "a", x, channels);
                      return layer(scope / "b", x, channels);
                    });
}

}  // namespace

const Network kUnetLecture{.name = "unet_lecture",
                           .about = "U-Net by a Keras listing: much dropout, no batch norm, 3x3 up-convolutions",
                           .paper = "Ronneberger, Fischer and Brox, MICCAI 2015",
                           .defaults = print_defaults<LectureSettings>,
                           .build = build_lecture};

const Network kUnetTgs{.name = "unet_tgs",
                       .about = "U-Net of a notebook for the TGS salt data: batch norm and little dropout",
                       .paper = "Lamba, Understanding Semantic Segmentation with UNET, 2019",
                       .defaults = print_defaults<TgsSettings>,
                       .build = build_tgs};

}  // namespace inlay
