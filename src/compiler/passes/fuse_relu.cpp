#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

Graph run(const Graph& graph, Constants&) {
  const std::vector<int> uses = use_counts(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs, Graph&) -> std::optional<std::vector<Value>> {
    if (node.op->name != "relu" || uses[static_cast<std::size_t>(node.inputs[0].id())] != 1) return std::nullopt;
    const Node* conv = inputs[0].node();
    if (!conv || conv->op->name != "conv2d") return std::nullopt;
    auto options = from_attributes<Conv2dOptions>(conv->attributes);
    options.activation = Activation::relu;
    return std::vector{conv2d(conv->inputs[0], conv->inputs[1], conv->inputs[2], options)};
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseRelu{
    "fuse_relu", "relu(conv2d(x, w, b)) => conv2d(x, w, b){activation=relu}, when nothing else reads the convolution",
    run};

}  // namespace inlay
