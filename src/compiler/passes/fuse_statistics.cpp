#include <unordered_set>

#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/operators.h"

namespace inlay {
namespace {

bool takes_statistics(const Node* conv) {
  if (!conv || conv->op != &kConv2d || conv->outputs.size() != 1) return false;
  const auto o = from_attributes<Conv2dOptions>(conv->attributes);
  const Shape& w = conv->inputs[1].shape();
  return goes_by_tiles({w[2], w[3]}, o.stride, o.groups) && !o.add && o.activation == Activation::none;
}

bool wants_statistics(const Node& node) {
  if (node.op != &kBatchNorm) return false;
  const auto o = from_attributes<BatchNormOptions>(node.attributes);
  return o.training && !o.given && takes_statistics(node.inputs[0].node());
}

Graph run(const Graph& graph, Constants&) {
  std::unordered_set<const Node*> convs;
  for (const auto& node : graph.nodes())
    if (wants_statistics(*node)) convs.insert(node->inputs[0].node());
  return rewrite(
      graph, [&](const Node& node, std::span<const Value> inputs, Graph& target) -> std::optional<std::vector<Value>> {
        std::vector<Value> all(inputs.begin(), inputs.end());
        if (convs.contains(&node)) {
          auto o = from_attributes<Conv2dOptions>(node.attributes);
          o.statistics = true;
          return std::vector{target.add_node(*node.op, to_attributes(o), std::move(all))[0]};
        }
        if (!wants_statistics(node)) return std::nullopt;
        const Node& conv = *inputs[0].node();
        all.insert(all.end(), {conv.outputs[1], conv.outputs[2]});
        auto o = from_attributes<BatchNormOptions>(node.attributes);
        o.given = true;
        return target.add_node(*node.op, to_attributes(o), std::move(all));
      });
}

}  // namespace

const Pass kFuseStatistics{
    "fuse_statistics",
    "batch_norm(conv2d(x, w, b), ...){training} => y, mean, variance = conv2d(x, w, b){statistics}, batch_norm(y, ..., "
    "mean, variance){training, given}; 3x3 and larger of stride 1",
    run};

}  // namespace inlay
