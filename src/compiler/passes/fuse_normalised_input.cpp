#include <vector>

#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/conv2d_inputs.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// Kernels of 3x3 and more, of stride 1: their own code reads each pixel with all that goes with it.
template <class Options>
bool reads_normalised(const Options& o, Size2 kernel) {
  return kernel.h >= 3 && kernel.w >= 3 && o.stride == Size2(1) && o.groups == 1 && o.normalised.empty();
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
    return std::nullopt;
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseNormalisedInput{
    "fuse_normalised_input",
    "conv2d(y, w) => conv2d(x, w, scale, shift, mean, inverse){normalised}, the same for conv2d_weight_grad, for y of "
    "batch_norm(x, scale, shift, ...){training, activation=relu}; 3x3 and larger of stride 1",
    run};

}  // namespace inlay
