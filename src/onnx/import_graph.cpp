#include "onnx/import_graph.h"

#include "base/fail.h"
#include "graph/operator.h"
#include "onnx/graph_reader.h"

namespace inlay {
namespace {

/// The leaves that a training step would overwrite.
std::set<std::string> state_leaves(const Graph& graph) {
  std::set<std::string> names;
  for (const auto& node : graph.nodes()) {
    if (node->op->state == nullptr) continue;
    Attributes attributes = node->attributes;
    if (node->op->has_training_mode) attributes.set("training", true);
    for (const StateUpdate& update : node->op->state(attributes)) {
      const Value& input = node->inputs.at(static_cast<std::size_t>(update.input));
      if (input.leaf()) names.insert(input.name());
    }
  }
  return names;
}

}  // namespace

ImportedGraph import_graph(const onnx::ModelProto& model, const ImportOptions& options) {
  if (!model.has_graph() || model.graph().output_size() == 0) fail_input("it holds no network");
  // What is state shows only once the nodes are there, so they are read twice; the numbers only once.
  const std::set<std::string> state = state_leaves(GraphReader(model.graph(), options, {}).graph());
  GraphReader reader(model.graph(), options, state);
  return {reader.graph(), reader.tensors()};
}

}  // namespace inlay
