#include <algorithm>

#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/conv2d_inputs.h"

namespace inlay {
namespace {

constexpr std::size_t kUnpoolInputs = 3;  // of one without a sum

/// A convolution or max-unpooling of this shape that only the sum reads.
bool takes_sum(const Value& value, const Value& sum, const std::vector<int>& uses) {
  const Node* node = value.node();
  if (!node || uses[static_cast<std::size_t>(value.id())] != 1 || !(value.shape() == sum.shape())) return false;
  if (node->op->name == "max_unpool2d") return node->inputs.size() == kUnpoolInputs;
  if (node->op->name != "conv2d") return false;
  const auto options = from_attributes<Conv2dOptions>(node->attributes);
  return !options.add && options.activation == Activation::none;
}

/// The node with `other` added to its result.
std::vector<Value> with_sum(const Node& node, const Value& other, Graph& target) {
  std::vector<Value> fused = node.inputs;
  if (node.op->name == "max_unpool2d") {
    fused.push_back(other);
    return target.add_node(*node.op, node.attributes, std::move(fused));
  }
  auto options = from_attributes<Conv2dOptions>(node.attributes);
  options.add = true;
  fused.insert(fused.begin() + static_cast<std::ptrdiff_t>(Conv2dInputs(options).other), other);
  return target.add_node(*node.op, to_attributes(options), std::move(fused));
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (node.op->name != "add" || !(node.inputs[0].shape() == node.inputs[1].shape())) return std::nullopt;
    // Of two that could the later one, which then stays where it is.
    std::size_t at = node.inputs[0].id() > node.inputs[1].id() ? 0 : 1;
    if (!takes_sum(node.inputs[at], node.outputs[0], uses)) at = 1 - at;
    if (!takes_sum(node.inputs[at], node.outputs[0], uses)) return std::nullopt;
    return with_sum(*inputs[at].node(), inputs[1 - at], target);
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseAdd{"fuse_add",
                    "add(conv2d(x, w, b), y) => conv2d(x, w, b, y){add}, add(max_unpool2d(x, i, like), y) => "
                    "max_unpool2d(x, i, like, y), when nothing else reads what y is added to and y has its shape",
                    run};

}  // namespace inlay
