#include "runtime/reference/reference_run.h"

#include "base/fail.h"

namespace inlay {

std::vector<ReferenceTensor> reference_run(const Graph& graph, const ReferenceValues& leaves, std::uint64_t seed) {
  std::vector<ReferenceTensor> values(static_cast<std::size_t>(graph.value_count()));
  for (const Value& leaf : graph.leaves()) {
    const auto found = leaves.find(leaf.name());
    if (found == leaves.end()) fail_input("no numbers were given for '{}'", leaf.name());
    if (static_cast<std::int64_t>(found->second.size()) != leaf.shape().elements())
      fail_input("'{}' is {}, {} numbers were given", leaf.name(), to_string(leaf.type()), found->second.size());
    values[static_cast<std::size_t>(leaf.id())] = {leaf.type(), found->second};
  }
  for (const auto& node : graph.nodes()) {
    if (node->op->reference == nullptr)
      fail_input("'{}': the operator {} has no reference", node->name, node->op->name);
    std::vector<const ReferenceTensor*> inputs;
    for (const Value& input : node->inputs)
      inputs.push_back(input ? &values[static_cast<std::size_t>(input.id())] : nullptr);
    std::vector<ReferenceTensor> outputs;
    for (const Value& output : node->outputs)
      outputs.push_back({output.type(), std::vector<double>(static_cast<std::size_t>(output.shape().elements()), 0.0)});
    node->op->reference({node->attributes, inputs, outputs, seed});
    for (std::size_t i = 0; i < outputs.size(); ++i)
      values[static_cast<std::size_t>(node->outputs[i].id())] = std::move(outputs[i]);
  }
  return values;
}

}  // namespace inlay
