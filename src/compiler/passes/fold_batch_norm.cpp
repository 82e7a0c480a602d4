#include <cmath>

#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

const Tensor* constant(const Constants& constants, const Value& value) {
  if (!value || !value.leaf()) return nullptr;
  const auto found = constants.find(value.leaf()->name);
  return found == constants.end() ? nullptr : &found->second;
}

/// The convolution that only this batch norm reads, with all numbers known; null when there is none.
const Node* foldable(const Node& norm, const Constants& constants, const std::vector<int>& uses) {
  if (norm.op->name != "batch_norm" || from_attributes<BatchNormOptions>(norm.attributes).training) return nullptr;
  const Node* conv = norm.inputs[0].node();
  if (!conv || conv->op->name != "conv2d" || uses[static_cast<std::size_t>(norm.inputs[0].id())] != 1) return nullptr;
  const auto options = from_attributes<Conv2dOptions>(conv->attributes);
  if (options.add || options.activation != Activation::none) return nullptr;
  if (!constant(constants, conv->inputs[1]) || (conv->inputs[2] && !constant(constants, conv->inputs[2])))
    return nullptr;
  for (std::size_t i = 1; i < 5; ++i)
    if (!constant(constants, norm.inputs[i])) return nullptr;
  return conv;
}

struct Folded {
  Tensor weight, bias;
};

Folded fold(const Node& conv, const Node& norm, const Constants& constants) {
  const auto numbers = [&](std::size_t i) { return constant(constants, norm.inputs[i])->data<float>(); };
  const auto scale = numbers(1), shift = numbers(2), mean = numbers(3), variance = numbers(4);
  const double epsilon = from_attributes<BatchNormOptions>(norm.attributes).epsilon;
  Folded folded{constant(constants, conv.inputs[1])->clone(),
                Tensor(DType::f32, {static_cast<std::int64_t>(scale.size())})};
  const Tensor* bias = constant(constants, conv.inputs[2]);
  const auto weight = folded.weight.data<float>();
  const std::size_t per_channel = weight.size() / scale.size();
  for (std::size_t m = 0; m < scale.size(); ++m) {
    const double factor = scale[m] / std::sqrt(variance[m] + epsilon);
    for (std::size_t i = 0; i < per_channel; ++i)
      weight[m * per_channel + i] = static_cast<float>(weight[m * per_channel + i] * factor);
    const double old = bias ? bias->data<float>()[m] : 0.0;
    folded.bias.data<float>()[m] = static_cast<float>((old - mean[m]) * factor + shift[m]);
  }
  return folded;
}

Graph run(const Graph& graph, Constants& constants) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& norm, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    const Node* conv = foldable(norm, constants, uses);
    if (!conv) return std::nullopt;
    Folded folded = fold(*conv, norm, constants);
    const auto leaf = [&](const char* suffix, Tensor tensor) {
      const std::string name = norm.name + suffix;
      const Value value = target.add_leaf(LeafKind::parameter, name, {DType::f32, tensor.shape()});
      constants[name] = std::move(tensor);
      return value;
    };
    const Value x = inputs[0].node()->inputs[0];
    auto options = from_attributes<Conv2dOptions>(conv->attributes);
    options.activation = from_attributes<BatchNormOptions>(norm.attributes).activation;
    return std::vector{conv2d(x, leaf("/folded_weight", folded.weight), leaf("/folded_bias", folded.bias), options)};
  };
  return live_part(rewrite(graph, rule), true);
}

}  // namespace

const Pass kFoldBatchNorm{"fold_batch_norm",
                          "batch_norm(conv2d(x, w, b)) => conv2d(x, w', b') with w' = w s, b' = (b - mean) s + shift, "
                          "s = scale / sqrt(variance + epsilon)",
                          run};

}  // namespace inlay
