// Layers: operators together with the parameters they need, named by where they stand in the network.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "inlay/graph.h"
#include "inlay/model.h"
#include "inlay/options.h"

namespace inlay {

/// A place in a network: a graph and a path such as "down/64/a". A layer in a scope names its parameters PATH/weight
/// and so on; the nodes added from then on are named PATH/OPERATOR.
class Scope {
 public:
  explicit Scope(Graph graph, std::string path = "") : graph_(std::move(graph)), path_(std::move(path)) {}

  Scope operator/(std::string_view name) const;
  Scope operator/(std::int64_t number) const { return *this / std::string_view(std::to_string(number)); }

  Graph graph() const { return graph_; }
  const std::string& path() const { return path_; }
  /// Makes the nodes added from now on belong here.
  const Scope& enter() const;

  /// Leaves named PATH/NAME. Throw InputError when the name is taken.
  Value parameter(std::string_view name, const Shape& shape, Initializer initializer) const;
  Value state(std::string_view name, const Shape& shape, double value) const;

 private:
  Graph graph_;
  std::string path_;
};

struct ConvLayer {
  Size2 kernel = 3;
  Size2 stride = 1;
  Padding padding = 0;
  Size2 dilation = 1;
  std::int64_t groups = 1;
  Size2 output_padding = 0;  // transposed convolutions only
  bool bias = true;          // pointless before a batch_norm, whose shift does the same
  Initializer initializer = {Initializer::Kind::he_normal};
};

/// x (N, C, H, W) to `channels` channels. Makes PATH/weight and, with a bias, PATH/bias (zeros).
/// Throws InputError when `groups` does not divide both numbers of channels.
Value conv2d(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& layer = {});
Value conv_transpose2d(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& layer = {});

/// What follows a convolution in conv_norm().
enum class Act : std::uint8_t { none, relu, prelu };

/// conv2d without a bias, batch_norm and the activation, all in one scope: PATH/weight, PATH/scale, ..., and with prelu
/// PATH/slope.
Value conv_norm(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& layer = {}, Act act = Act::relu,
                const BatchNormOptions& norm = {});

/// Makes PATH/slope: one a channel, 0.25 at first (He et al. 2015).
Value prelu(const Scope& scope, Value x);

/// Makes PATH/scale (ones), PATH/shift (zeros) and the state PATH/running_mean (zeros) and PATH/running_variance
/// (ones).
Value batch_norm(const Scope& scope, Value x, const BatchNormOptions& options = {});

/// Every dropout of a graph draws from its own stream of random numbers. A probability of 0 adds nothing.
Value dropout(const Scope& scope, Value x, double probability, bool channels = false);

/// First numbers for every parameter and state leaf, by its Initializer. They depend on the seed and the leaf's name
/// and shape only, not on what else is in the graph. he_normal counts as fan-in the elements per first extent (C/groups
/// * kh * kw), for transposed convolutions too, as PyTorch does.
Tensors initialise(const Graph& graph, std::uint64_t seed);

}  // namespace inlay
