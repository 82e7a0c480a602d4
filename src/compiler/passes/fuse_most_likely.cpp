#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// Windows of the weight's size that lie side by side: the products of such a convolution are done pixel by pixel.
template <class Options>
bool side_by_side(const Options& o, const Shape& weight) {
  return o.stride == Size2{weight[2], weight[3]} && weight[2] == weight[3] && o.padding == Padding(0) &&
         o.dilation == Size2(1) && o.groups == 1;
}

/// Null where the head is no such convolution.
const Operator* fused(const Node& head) {
  if (head.inputs.size() != 3 || head.outputs.size() != 1) return nullptr;
  const Shape& weight = head.inputs[1].shape();
  if (head.op == &kConv2d) {
    const auto o = from_attributes<Conv2dOptions>(head.attributes);
    const Shape& x = head.inputs[0].shape();
    const bool whole = x[2] % weight[2] == 0 && x[3] % weight[3] == 0;
    return whole && o.activation == Activation::none && side_by_side(o, weight) ? &kConv2dMostLikely : nullptr;
  }
  if (head.op != &kConvTranspose2d) return nullptr;
  const auto o = from_attributes<ConvTranspose2dOptions>(head.attributes);
  return o.output_padding == Size2(0) && side_by_side(o, weight) ? &kConvTranspose2dMostLikely : nullptr;
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (node.op != &kMostLikely || uses[static_cast<std::size_t>(node.inputs[0].id())] != 1) return std::nullopt;
    const Node* head = inputs[0].node();
    const Operator* op = head ? fused(*head) : nullptr;
    if (!op) return std::nullopt;
    return target.add_node(*op, head->attributes, head->inputs);
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseMostLikely{"fuse_most_likely",
                           "most_likely(conv2d(x, w, b)) => conv2d_most_likely(x, w, b) for windows that lie side by "
                           "side, when nothing else reads the convolution; the same for conv_transpose2d",
                           run};

}  // namespace inlay
