#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// A gradient to the data that nothing else reads.
bool takes_sums(const Value& dy, const std::vector<int>& uses) {
  const Node* conv = dy.node();
  if (!conv || conv->op != &kConvTranspose2d || conv->outputs.size() != 1 || conv->inputs[2]) return false;
  if (uses[static_cast<std::size_t>(dy.id())] != 1) return false;
  const auto o = from_attributes<ConvTranspose2dOptions>(conv->attributes);
  const Shape& w = conv->inputs[1].shape();
  return goes_by_tiles({w[2], w[3]}, o.stride, o.groups) && o.output_padding == Size2(0);
}

bool wants_sums(const Node& node, const std::vector<int>& uses) {
  if (node.op != &kBatchNormGrad) return false;
  const auto o = from_attributes<BatchNormOptions>(node.attributes);
  return o.training && !o.given && o.activation == Activation::relu && takes_sums(node.inputs[0], uses);
}

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (!wants_sums(node, uses)) return std::nullopt;
    const Node& conv = *inputs[0].node();
    const Value x = inputs[1], scale = inputs[2], mean = inputs[3], inverse = inputs[4], shift = inputs[5];
    auto conv_options = from_attributes<ConvTranspose2dOptions>(conv.attributes);
    conv_options.norm_sums = true;
    const std::vector<Value> found =
        target.add_node(*conv.op, to_attributes(conv_options),
                        {conv.inputs[0], conv.inputs[1], conv.inputs[2], x, scale, shift, mean, inverse});
    auto options = from_attributes<BatchNormOptions>(node.attributes);
    options.given = true;
    const Value dx = target.add_node(*node.op, to_attributes(options),
                                     {found[0], x, scale, mean, inverse, shift, found[1], found[2]})[0];
    return std::vector{dx, found[1], found[2]};
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseNormSums{
    "fuse_norm_sums",
    "batch_norm_grad(conv_transpose2d(dz, w), x, scale, mean, inverse, shift){activation=relu} => dy, dscale, dshift = "
    "conv_transpose2d(dz, w, -, x, scale, shift, mean, inverse){norm_sums}, batch_norm_grad(dy, x, scale, mean, "
    "inverse, shift, dscale, dshift){given}; 3x3 and larger of stride 1",
    run};

}  // namespace inlay
