#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

bool is_identity(const Node& node) {
  if (node.op->name == "dropout") return !from_attributes<DropoutOptions>(node.attributes).training;
  if (node.op->name == "reshape" || node.op->name == "crop_like" || node.op->name == "pad_like")
    return node.inputs[0].type() == node.outputs[0].type();
  if (node.op->name == "concat") return node.inputs.size() == 1;
  return false;
}

Graph run(const Graph& graph, Constants&) {
  return rewrite(graph,
                 [](const Node& node, std::span<const Value> inputs, Graph&) -> std::optional<std::vector<Value>> {
                   if (is_identity(node)) return std::vector{inputs[0]};
                   return std::nullopt;
                 });
}

}  // namespace

const Pass kRemoveIdentities{
    "remove_identities",
    "dropout(x) in inference, reshape(x), crop_like(x) and pad_like(x) to its own shape, concat(x) => x", run};

}  // namespace inlay
