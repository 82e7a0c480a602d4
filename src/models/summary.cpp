#include "inlay/summary.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_set>

#include "graph/operator.h"
#include "graph/rewrite.h"
#include "models/receptive_field.h"

namespace inlay {
namespace {

std::int64_t bytes_of(const Value& value) {
  return value.shape().elements() * static_cast<std::int64_t>(size_of(value.type().dtype));
}

bool is_weight(const Value& value) { return value.leaf() && value.leaf()->kind != LeafKind::input; }

std::int64_t multiply_adds_of(const Node& node) {
  if (node.op->multiply_adds == nullptr) return 0;
  std::vector<TensorType> inputs, outputs;
  for (const Value& input : node.inputs) inputs.push_back(input ? input.type() : absent_type());
  for (const Value& output : node.outputs) outputs.push_back(output.type());
  return node.op->multiply_adds(node.attributes, inputs, outputs);
}

SummaryRow row_of(const Node& node, std::unordered_set<int>& counted) {
  SummaryRow row{node.name, std::string(node.op->name), node.outputs.at(0).shape(), 0, multiply_adds_of(node), {}};
  for (const Value& input : node.inputs) {
    if (!input) continue;
    if (is_weight(input)) {
      if (counted.insert(input.id()).second) row.parameters += input.shape().elements();
      continue;
    }
    const std::string from = input.node() ? input.node()->name : input.name();
    if (std::ranges::find(row.connected_to, from) == row.connected_to.end()) row.connected_to.push_back(from);
  }
  return row;
}

/// The largest sum of the results and inputs that some node needs at the same time.
std::int64_t peak_bytes(const Graph& graph) {
  std::map<int, std::size_t> last_use;  // by value, the node that is the last to read it
  const auto nodes = graph.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i)
    for (const Value& input : nodes[i]->inputs)
      if (input && !is_weight(input)) last_use[input.id()] = i;
  for (const GraphOutput& output : graph.outputs()) last_use[output.value.id()] = nodes.size();

  std::int64_t live = 0, peak = 0;
  for (const Value& leaf : graph.leaves())
    if (!is_weight(leaf)) live += bytes_of(leaf);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const Value& output : nodes[i]->outputs)
      if (last_use.contains(output.id())) live += bytes_of(output);
    peak = std::max(peak, live);
    std::unordered_set<int> freed;
    for (const Value& input : nodes[i]->inputs)
      if (input && !is_weight(input) && last_use[input.id()] == i && freed.insert(input.id()).second)
        live -= bytes_of(input);
  }
  return std::max(peak, live);
}

void add_receptive_field(const Graph& graph, Summary& summary) {
  const ReceptiveField field = receptive_field(graph);
  summary.sees_everything = std::isinf(field.h);
  if (!summary.sees_everything) {
    summary.receptive_field_h = static_cast<std::int64_t>(std::ceil(field.h));
    summary.receptive_field_w = static_cast<std::int64_t>(std::ceil(field.w));
    return;
  }
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::input && leaf.shape().rank() == 4) {
      summary.receptive_field_h = leaf.shape()[2];
      summary.receptive_field_w = leaf.shape()[3];
    }
}

}  // namespace

Summary summarise(const Graph& graph) {
  Summary summary;
  std::int64_t input_bytes = 0, result_bytes = 0;
  for (const Value& value : graph.leaves()) {
    switch (value.leaf()->kind) {
      case LeafKind::input:
        summary.rows.push_back({value.name(), "input", value.shape(), 0, 0, {}});
        input_bytes += bytes_of(value);
        break;
      case LeafKind::parameter:
        summary.parameters += value.shape().elements();
        break;
      case LeafKind::state:
        summary.state += value.shape().elements();
        break;
    }
  }
  std::unordered_set<int> counted;
  for (const auto& node : graph.nodes()) {
    summary.rows.push_back(row_of(*node, counted));
    summary.multiply_adds += summary.rows.back().multiply_adds;
    for (const Value& output : node->outputs) result_bytes += bytes_of(output);
  }
  add_receptive_field(graph, summary);
  constexpr std::int64_t kNumber = sizeof(float);
  summary.inference_bytes = kNumber * (summary.parameters + summary.state) + peak_bytes(graph);
  summary.training_bytes = kNumber * (4 * summary.parameters + summary.state) + input_bytes + 2 * result_bytes;
  return summary;
}

Summary summarise(const Model& model, std::int64_t height, std::int64_t width) {
  const Graph graph = instantiate(model.graph, {{"image", {1, model.in_channels(), height, width}}});
  return summarise(live_part(graph, true));
}

}  // namespace inlay
