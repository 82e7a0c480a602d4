#include <algorithm>
#include <vector>

#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/conv2d_inputs.h"
#include "ops/operators.h"

namespace inlay {
namespace {

template <class Options>
bool reads_normalised(const Options& o, Size2 kernel) {
  return goes_by_tiles(kernel, o.stride, o.groups) && o.normalised.empty();
}

/// The node with `options` and the batch norms' inputs in place of their results; nothing when it reads none.
template <class Options>
std::optional<std::vector<Value>> read_inputs(const Node& node, std::span<const Value> inputs, Graph& target,
                                              Options options, const Sources& sources) {
  std::vector<Value> fused(inputs.begin(), inputs.end()), normals;
  for (std::size_t i = 0; i + sources.more <= inputs.size(); ++i) {
    const std::size_t at = sources.input(static_cast<std::int64_t>(i));
    if (!is_normalised(inputs[at])) continue;
    const std::vector<Value> normal = normal_inputs(*inputs[at].node());
    fused[at] = inputs[at].node()->inputs[0];
    normals.insert(normals.end(), normal.begin(), normal.end());
    options.normalised.push_back(static_cast<std::int64_t>(i));
  }
  if (normals.empty()) return std::nullopt;
  fused.insert(fused.begin() + static_cast<std::ptrdiff_t>(sources.normals), normals.begin(), normals.end());
  return target.add_node(*node.op, to_attributes(options), std::move(fused));
}

/// Who asks for the shape alone has it from x as well; nothing when there is no such input.
std::optional<std::vector<Value>> take_shape(const Node& node, std::span<const Value> inputs, Graph& target) {
  std::vector<Value> changed(inputs.begin(), inputs.end());
  for (std::size_t i = 0; i < changed.size(); ++i)
    if ((node.op->shape_only_inputs >> i & 1) != 0 && changed[i] && is_normalised(changed[i]))
      changed[i] = changed[i].node()->inputs[0];
  if (std::ranges::equal(changed, inputs)) return std::nullopt;
  return target.add_node(*node.op, node.attributes, std::move(changed));
}

Graph run(const Graph& graph, Constants&) {
  const auto rule = [](const Node& node, std::span<const Value> inputs,
                       Graph& target) -> std::optional<std::vector<Value>> {
    if (node.op == &kConv2d) {
      const auto o = from_attributes<Conv2dOptions>(node.attributes);
      const Shape& w = node.inputs[1].shape();
      if (reads_normalised(o, {w[2], w[3]})) return read_inputs(node, inputs, target, o, Conv2dInputs(o).sources);
    }
    if (node.op == &kConv2dWeightGrad) {
      const auto o = from_attributes<Conv2dWeightGradOptions>(node.attributes);
      if (reads_normalised(o, o.kernel)) return read_inputs(node, inputs, target, o, weight_grad_sources(o));
    }
    if (node.op == &kMaxPool2d && node.inputs.size() == 1 && is_normalised(inputs[0])) {
      std::vector<Value> all = normal_inputs(*inputs[0].node());
      all.insert(all.begin(), inputs[0].node()->inputs[0]);
      return target.add_node(*node.op, node.attributes, std::move(all));
    }
    return take_shape(node, inputs, target);
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseNormalisedInput{
    "fuse_normalised_input",
    "conv2d(y, w) => conv2d(x, w, scale, shift, mean, inverse){normalised}, the same for conv2d_weight_grad, and "
    "max_pool2d(y) => max_pool2d(x, scale, shift, mean, inverse), for y of batch_norm(x, scale, shift, ...){training, "
    "activation=relu}; convolutions of 3x3 and larger, of stride 1",
    run};

}  // namespace inlay
