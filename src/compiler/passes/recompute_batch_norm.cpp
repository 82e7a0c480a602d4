#include "compiler/passes.h"
#include "compiler/recompute.h"
#include "graph/options.h"
#include "ops/operators.h"

namespace inlay {
namespace {

bool is_normal(const Value& value) {
  return value.node() && value.node()->op == &kBatchNorm && value.output() == 0 &&
         from_attributes<BatchNormOptions>(value.node()->attributes).training;
}

Value again(const Node& node, std::span<const Value> inputs, std::span<const Value> outputs, Graph& target) {
  return target.add_node(kBatchNormAgain, node.attributes,
                         {inputs[0], inputs[1], inputs[2], outputs[1], outputs[2]})[0];
}

Graph run(const Graph& graph, Constants&) { return recompute_for_weights(graph, {is_normal, again}); }

}  // namespace

const Pass kRecomputeBatchNorm{
    "recompute_batch_norm",
    "conv2d_weight_grad(y, dz) => conv2d_weight_grad(batch_norm_again(x, scale, shift, mean, inverse), dz) for y of "
    "batch_norm(x, scale, shift, ...){training}, when the way back has no other use for y",
    run};

}  // namespace inlay
