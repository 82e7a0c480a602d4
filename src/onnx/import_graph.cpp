#include "onnx/import_graph.h"

#include "base/fail.h"
#include "graph/operator.h"
#include "graph/rewrite.h"
#include "onnx/graph_reader.h"

namespace inlay {
namespace {

/// Parameters, and as state what a training step would overwrite.
LeafKinds leaf_kinds(const Graph& graph) {
  LeafKinds kinds;
  for (const Value& value : graph.leaves())
    if (value.leaf()->kind != LeafKind::input) kinds[value.name()] = LeafKind::parameter;
  for (const auto& node : graph.nodes()) {
    if (node->op->state == nullptr) continue;
    Attributes attributes = node->attributes;
    if (node->op->has_training_mode) attributes.set("training", true);
    for (const StateUpdate& update : node->op->state(attributes)) {
      const auto leaf = kinds.find(node->inputs.at(static_cast<std::size_t>(update.input)).name());
      if (leaf != kinds.end()) leaf->second = LeafKind::state;
    }
  }
  return kinds;
}

}  // namespace

ImportedGraph import_graph(const onnx::ModelProto& model, const ImportOptions& options) {
  if (!model.has_graph() || model.graph().output_size() == 0) fail_input("it holds no network");
  // Which initializers are leaves, and which of those are state, shows only once the nodes are there: they are read
  // twice.
  const LeafKinds leaves = leaf_kinds(GraphReader(model.graph(), options, {}).graph());
  GraphReader reader(model.graph(), options, leaves);
  return {live_part(reader.graph()), reader.tensors()};  // without what was looked through
}

}  // namespace inlay
