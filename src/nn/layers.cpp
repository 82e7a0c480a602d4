#include <algorithm>

#include "base/fail.h"
#include "graph/operator.h"
#include "inlay/nn.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

/// Channels of x, once what the operator's own check would see too late (the weight is made from it) has been checked.
std::int64_t channels_of(const Scope& scope, const Value& x, std::int64_t channels, std::int64_t groups) {
  if (x.shape().rank() != 4)
    fail_input("convolution at '{}': x is {}, expected f32 with shape NxCxHxW", scope.path(), to_string(x.type()));
  if (channels < 1) fail_input("convolution at '{}': {} output channels, expected at least 1", scope.path(), channels);
  const std::int64_t in = x.shape()[1];
  if (groups < 1 || in % groups != 0 || channels % groups != 0)
    fail_input("convolution at '{}': {} groups do not divide {} input and {} output channels", scope.path(), groups, in,
               channels);
  return in;
}

Value bias_of(const Scope& scope, std::int64_t channels, const ConvLayer& layer) {
  return layer.bias ? scope.parameter("bias", {channels}, {}) : Value();
}

}  // namespace

Value conv2d(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& layer) {
  const std::int64_t in = channels_of(scope, x, channels, layer.groups);
  const Value weight =
      scope.parameter("weight", {channels, in / layer.groups, layer.kernel.h, layer.kernel.w}, layer.initializer);
  const Value bias = bias_of(scope, channels, layer);
  scope.enter();
  return conv2d(x, weight, bias, {layer.stride, layer.padding, layer.dilation, layer.groups});
}

Value conv_transpose2d(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& layer) {
  const std::int64_t in = channels_of(scope, x, channels, layer.groups);
  const Value weight =
      scope.parameter("weight", {in, channels / layer.groups, layer.kernel.h, layer.kernel.w}, layer.initializer);
  const Value bias = bias_of(scope, channels, layer);
  scope.enter();
  return conv_transpose2d(x, weight, bias,
                          {layer.stride, layer.padding, layer.dilation, layer.groups, layer.output_padding});
}

Value batch_norm(const Scope& scope, Value x, const BatchNormOptions& options) {
  if (x.shape().rank() != 4)
    fail_input("batch_norm at '{}': x is {}, expected f32 with shape NxCxHxW", scope.path(), to_string(x.type()));
  const Shape channels{x.shape()[1]};
  const Value scale = scope.parameter("scale", channels, {Initializer::Kind::constant, 1});
  const Value shift = scope.parameter("shift", channels, {});
  const Value mean = scope.state("running_mean", channels, 0);
  const Value variance = scope.state("running_variance", channels, 1);
  scope.enter();
  return batch_norm(x, scale, shift, mean, variance, options);
}

Value prelu(const Scope& scope, Value x) {
  if (x.shape().rank() != 4)
    fail_input("prelu at '{}': x is {}, expected f32 with shape NxCxHxW", scope.path(), to_string(x.type()));
  const Value slope = scope.parameter("slope", {x.shape()[1]}, {Initializer::Kind::constant, 0.25});
  scope.enter();
  return prelu(x, slope);
}

Value conv_norm(const Scope& scope, Value x, std::int64_t channels, const ConvLayer& layer, Act act,
                const BatchNormOptions& norm) {
  ConvLayer without_bias = layer;
  without_bias.bias = false;
  x = batch_norm(scope, conv2d(scope, x, channels, without_bias), norm);
  switch (act) {
    case Act::none:
      return x;
    case Act::relu:
      return relu(x);
    case Act::prelu:
      return prelu(scope, x);
  }
  throw std::logic_error("unknown activation");
}

Value dropout(const Scope& scope, Value x, double probability, bool channels) {
  if (probability == 0) return x;
  scope.enter();
  const auto streams =
      std::ranges::count_if(scope.graph().nodes(), [](const auto& node) { return node->op->name == "dropout"; });
  return dropout(x, {.probability = probability, .channels = channels, .stream = streams});
}

}  // namespace inlay
