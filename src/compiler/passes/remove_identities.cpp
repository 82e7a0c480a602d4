#include <algorithm>
#include <array>

#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

/// They do nothing to what has the shape already.
constexpr std::array<std::string_view, 4> kToAShape{"reshape", "crop_like", "pad_like", "resize2d_like"};

bool is_identity(const Node& node) {
  if (node.op->name == "dropout") return !from_attributes<DropoutOptions>(node.attributes).training;
  if (std::ranges::find(kToAShape, node.op->name) != kToAShape.end())
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

const Pass kRemoveIdentities{"remove_identities",
                             "dropout(x) in inference; reshape(x), crop_like(x), pad_like(x) and resize2d_like(x) to "
                             "its own shape; concat(x) => x",
                             run};

}  // namespace inlay
