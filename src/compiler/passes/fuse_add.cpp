#include <algorithm>

#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/conv2d_inputs.h"

namespace inlay {
namespace {

/// A convolution of this shape that only the sum reads.
bool takes_sum(const Value& value, const Value& sum, const std::vector<int>& uses) {
  const Node* conv = value.node();
  if (!conv || conv->op->name != "conv2d" || uses[static_cast<std::size_t>(value.id())] != 1) return false;
  const auto options = from_attributes<Conv2dOptions>(conv->attributes);
  return !options.add && options.activation == Activation::none && value.shape() == sum.shape();
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (node.op->name != "add" || !(node.inputs[0].shape() == node.inputs[1].shape())) return std::nullopt;
    // Of two convolutions the later one, which then stays where it is.
    std::size_t at = node.inputs[0].id() > node.inputs[1].id() ? 0 : 1;
    if (!takes_sum(node.inputs[at], node.outputs[0], uses)) at = 1 - at;
    if (!takes_sum(node.inputs[at], node.outputs[0], uses)) return std::nullopt;
    const Node& conv = *inputs[at].node();
    auto options = from_attributes<Conv2dOptions>(conv.attributes);
    options.add = true;
    std::vector<Value> fused = conv.inputs;
    fused.insert(fused.begin() + static_cast<std::ptrdiff_t>(Conv2dInputs(options).other), inputs[1 - at]);
    return target.add_node(*conv.op, to_attributes(options), std::move(fused));
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseAdd{"fuse_add",
                    "add(conv2d(x, w, b), y) => conv2d(x, w, b, y){add}, when nothing else reads the convolution and y "
                    "has its shape",
                    run};

}  // namespace inlay
