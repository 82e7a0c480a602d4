#include "models/receptive_field.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace inlay {
namespace {

ReceptiveField through(const ReceptiveField& field, const Window& window) {
  constexpr double kEverything = std::numeric_limits<double>::infinity();
  return {window.everything ? kEverything : field.h + (window.kernel_h - 1) * field.step_h,
          window.everything ? kEverything : field.w + (window.kernel_w - 1) * field.step_w,
          field.step_h * window.stride_h, field.step_w * window.stride_w};
}

ReceptiveField larger(const ReceptiveField& a, const ReceptiveField& b) {
  return {std::max(a.h, b.h), std::max(a.w, b.w), std::max(a.step_h, b.step_h), std::max(a.step_w, b.step_w)};
}

/// Empty for values that depend on no input.
using Fields = std::vector<std::optional<ReceptiveField>>;

Fields fields_of(const Graph& graph) {
  Fields fields(static_cast<std::size_t>(graph.value_count()));
  const auto field_of = [&](const Value& value) -> auto& { return fields[static_cast<std::size_t>(value.id())]; };
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::input && leaf.shape().rank() == 4) field_of(leaf) = ReceptiveField{};
  for (const auto& node : graph.nodes()) {
    std::optional<ReceptiveField> seen;
    for (std::size_t i = 0; i < node->inputs.size(); ++i) {
      const bool only_shape = (node->op->shape_only_inputs >> i & 1) != 0;
      if (!node->inputs[i] || only_shape || !field_of(node->inputs[i])) continue;
      const ReceptiveField& field = *field_of(node->inputs[i]);
      seen = seen ? larger(*seen, field) : field;
    }
    if (!seen) continue;
    for (const Value& output : node->outputs) field_of(output) = through(*seen, window_of(*node));
  }
  return fields;
}

}  // namespace

Window window_of(const Node& node) {
  if (node.op->window == nullptr) return {};
  std::vector<TensorType> types;
  for (const Value& input : node.inputs) types.push_back(input ? input.type() : absent_type());
  return node.op->window(node.attributes, types);
}

std::vector<ReceptiveField> receptive_fields(const Graph& graph) {
  std::vector<ReceptiveField> all;
  for (const auto& field : fields_of(graph)) all.push_back(field.value_or(ReceptiveField{}));
  return all;
}

ReceptiveField receptive_field(const Graph& graph) {
  const Fields fields = fields_of(graph);
  ReceptiveField largest;
  for (const GraphOutput& output : graph.outputs())
    if (const auto& field = fields[static_cast<std::size_t>(output.value.id())]) largest = larger(largest, *field);
  return largest;
}

}  // namespace inlay
