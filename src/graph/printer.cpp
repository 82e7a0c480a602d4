#include "base/fail.h"
#include "graph/operator.h"
#include "graph/text.h"
#include "inlay/graph.h"

namespace inlay {

std::string to_string(const TensorType& type) {
  return fmt::format("{} {}", to_string(type.dtype), to_string(type.shape));
}

std::string to_string(const Initializer& initializer) {
  const auto name = kInitializerNames[static_cast<std::size_t>(initializer.kind)];
  if (initializer.kind != Initializer::Kind::constant && initializer.value == 0) return std::string(name);
  return fmt::format("{} {}", name, initializer.value);
}

std::string to_string(const Graph& graph) {
  std::string text;
  for (const Value& value : graph.leaves()) {
    const Leaf& leaf = *value.leaf();
    text += fmt::format("{} {}: {}", kLeafKindNames[static_cast<std::size_t>(leaf.kind)], leaf.name,
                        to_string(value.type()));
    if (leaf.kind != LeafKind::input) text += " " + to_string(leaf.initializer);
    text += '\n';
  }
  for (const auto& node : graph.nodes()) {
    std::vector<std::string> outputs, inputs, types;
    for (const Value& output : node->outputs) {
      outputs.push_back(output.name());
      types.push_back(to_string(output.type()));
    }
    for (const Value& input : node->inputs) inputs.push_back(input ? input.name() : "-");
    text += fmt::format("{} = {}({})", fmt::join(outputs, ", "), node->op->name, fmt::join(inputs, ", "));
    if (!node->attributes.empty()) text += " " + to_string(node->attributes);
    text += fmt::format(" : {} \"{}\"\n", fmt::join(types, ", "), node->name);
  }
  for (const GraphOutput& output : graph.outputs())
    text += fmt::format("output {} = {}\n", output.name, output.value.name());
  return text;
}

}  // namespace inlay
