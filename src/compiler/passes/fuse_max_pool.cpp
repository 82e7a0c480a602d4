#include <unordered_set>

#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/operators.h"
#include "ops/pool_geometry.h"

namespace inlay {
namespace {

/// Pools as it writes: a convolution that goes by tiles, which lie side by side.
bool can_pool(const Node* conv) {
  if (!conv || conv->op != &kConv2d || conv->outputs.size() != 1) return false;
  const auto o = from_attributes<Conv2dOptions>(conv->attributes);
  const Shape& w = conv->inputs[1].shape();
  return goes_by_tiles({w[2], w[3]}, o.stride, o.groups) && o.dilation == Size2(1) && !o.add;
}

/// Windows of 2x2 that cover a convolution's result, when nothing asks where the largest pixels were.
bool is_pooling(const Node& node, const std::vector<int>& uses) {
  if (node.op != &kMaxPool2d || node.inputs.size() != 1 || !can_pool(node.inputs[0].node())) return false;
  const auto g = pool_geometry(from_attributes<Pool2dOptions>(node.attributes), node.inputs[0].type());
  return g.kernel == Size2(2) && g.stride == Size2(2) && g.padding == Padding(0) && g.dilation == Size2(1) &&
         g.h % 2 == 0 && g.w % 2 == 0 && uses[static_cast<std::size_t>(node.outputs[1].id())] == 0;
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  std::unordered_set<const Node*> convs;
  for (const auto& node : graph.nodes())
    if (is_pooling(*node, uses)) convs.insert(node->inputs[0].node());
  return rewrite(
      graph, [&](const Node& node, std::span<const Value> inputs, Graph& target) -> std::optional<std::vector<Value>> {
        if (convs.contains(&node)) {
          auto o = from_attributes<Conv2dOptions>(node.attributes);
          o.max_pool = true;
          return std::vector{target.add_node(*node.op, to_attributes(o), {inputs.begin(), inputs.end()})[0]};
        }
        if (!is_pooling(node, uses)) return std::nullopt;
        return std::vector{inputs[0].node()->outputs[1]};
      });
}

}  // namespace

const Pass kFuseMaxPool{"fuse_max_pool",
                        "max_pool2d(conv2d(x, w, b)) => y, pooled = conv2d(x, w, b){max_pool}, windows of 2x2 side by "
                        "side on even sides; 3x3 and larger of stride 1, when nothing reads the positions",
                        run};

}  // namespace inlay
