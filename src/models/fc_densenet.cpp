// Fully convolutional DenseNets, "the one hundred layers tiramisu": Jégou, Drozdzal, Vazquez, Romero and Bengio, CVPR
// workshops 2017, with the layers, biases and first weights of the authors' program (Lasagne).
#include <array>

#include "inlay/ops.h"
#include "models/networks.h"
#include "models/settings.h"

namespace inlay {
namespace {

constexpr std::int64_t kPools = 5;

/// Layers in each dense block: five on the way down, the lowest, five on the way up.
struct Layout {
  std::string_view name;
  std::int64_t growth;  // channels that a layer adds
  std::array<std::int64_t, 2 * kPools + 1> layers;
};
constexpr Layout k56{"fc_densenet56", 12, {4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}};
constexpr Layout k103{"fc_densenet103", 16, {4, 5, 7, 10, 12, 15, 12, 10, 7, 5, 4}};

struct FcDensenetSettings {
  double width = 1;      // times the channels of the first convolution and the growth
  double dropout = 0.2;  // behind each convolution of a dense block or a transition down
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

ConvLayer window(std::int64_t kernel) {
  return {.kernel = kernel, .padding = kernel / 2, .initializer = {Initializer::Kind::he_uniform}};
}

/// Batch norm, ReLU, convolution, dropout.
Value layer(const Scope& scope, Value x, std::int64_t channels, std::int64_t kernel, double drop) {
  x = relu(batch_norm(scope, x, {.epsilon = 1e-4}));
  return dropout(scope, conv2d(scope, x, channels, window(kernel)), drop);
}

/// What each layer made of x and of all layers before it.
std::vector<Value> dense_block(const Scope& scope, Value x, std::int64_t layers, std::int64_t growth, double drop) {
  std::vector<Value> added;
  for (std::int64_t i = 1; i <= layers; ++i) {
    if (i > 1) x = concat(std::vector{x, added.back()});
    added.push_back(layer(scope / i, x, growth, 3, drop));
  }
  scope.enter();
  return added;
}

Value with(Value x, std::vector<Value> added) {
  added.insert(added.begin(), x);
  return concat(added);
}

/// Twice the size, and one more: what is too much for `skip` is cut off.
Value transition_up(const Scope& scope, std::span<const Value> added, Value skip) {
  scope.enter();
  const Value x = concat(added);
  ConvLayer enlarging = window(3);
  enlarging.stride = 2;
  enlarging.padding = 0;
  const Value large = conv_transpose2d(scope, x, x.shape()[1], enlarging);
  return concat(std::vector{crop_like(large, skip), skip});
}

Value fc_densenet(const Layout& layout, const Scope& root, Value image, const ModelOptions& options) {
  const FcDensenetSettings s = parse_settings<FcDensenetSettings>(layout.name, options.settings);
  const std::int64_t growth = scaled(layout.growth, s.width);
  const auto layers_of = [&](std::int64_t block) { return layout.layers.at(static_cast<std::size_t>(block)); };
  Value x = conv2d(root / "first", image, scaled(48, s.width), window(3));
  std::vector<Value> skips;
  for (std::int64_t i = 0; i < kPools; ++i) {
    const Scope level = root / "down" / (i + 1);
    x = with(x, dense_block(level / "dense", x, layers_of(i), growth, s.dropout));
    skips.push_back(x);
    x = max_pool2d(layer(level / "transition", x, x.shape()[1], 1, s.dropout)).values;
  }
  std::vector<Value> added = dense_block(root / "bottom" / "dense", x, layers_of(kPools), growth, s.dropout);
  for (std::int64_t i = kPools; i-- > 0;) {
    const Scope level = root / "up" / (i + 1);
    x = transition_up(level / "transition", added, skips[static_cast<std::size_t>(i)]);
    added = dense_block(level / "dense", x, layers_of(2 * kPools - i), growth, s.dropout);
  }
  return conv2d(root / "head", with(x, added), options.out_channels, window(1));
}

/// The sizes are halved five times, rounded down.
SizeRule size_of(const ModelOptions&) { return {.least = std::int64_t{1} << kPools}; }

template <const Layout& kLayout>
Value build(const Scope& root, Value image, const ModelOptions& options) {
  return fc_densenet(kLayout, root, image, options);
}

}  // namespace

const Network kFcDensenet56{.name = k56.name,
                            .about = "Dense blocks: a layer reads all before it in its block; 1.4 million weights",
                            .paper = "Jegou et al., CVPR Workshops 2017",
                            .defaults = print_defaults<FcDensenetSettings>,
                            .size = size_of,
                            .build = build<k56>};

const Network kFcDensenet103{.name = k103.name,
                             .about = "The one hundred layers tiramisu: dense blocks, 9.3 million weights",
                             .paper = "Jegou et al., CVPR Workshops 2017",
                             .defaults = print_defaults<FcDensenetSettings>,
                             .size = size_of,
                             .build = build<k103>};

}  // namespace inlay
