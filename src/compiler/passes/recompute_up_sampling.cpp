#include "compiler/passes.h"
#include "compiler/recompute.h"
#include "graph/options.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// A transposed convolution whose windows do not overlap has few multiplications for what it writes.
bool is_up_sampling(const Value& value) {
  const Node* node = value.node();
  if (node == nullptr || node->outputs.size() != 1) return false;
  if (node->op != &kConvTranspose2d) return node->op == &kResize2d || node->op == &kResize2dLike;
  const auto o = from_attributes<ConvTranspose2dOptions>(node->attributes);
  const Shape& w = node->inputs[1].shape();
  return o.stride.h > 1 && o.stride == Size2{w[2], w[3]};
}

Value again(const Node& node, std::span<const Value> inputs, std::span<const Value>, Graph& target) {
  return target.add_node(*node.op, node.attributes, {inputs.begin(), inputs.end()})[0];
}

Graph run(const Graph& graph, Constants&) { return recompute_for_weights(graph, {is_up_sampling, again}); }

}  // namespace

const Pass kRecomputeUpSampling{
    "recompute_up_sampling",
    "conv2d_weight_grad(y, dz) => conv2d_weight_grad(up(x), dz) for y = up(x), a resize2d or a conv_transpose2d whose "
    "windows do not overlap, when the way back has no other use for y; only with little memory",
    run};

}  // namespace inlay
