#include <algorithm>
#include <map>

#include "compiler/passes.h"
#include "graph/operator.h"
#include "graph/options.h"
#include "graph/rewrite.h"

namespace inlay {
namespace {

bool is_op(const Node* node, std::string_view name) { return node && node->op->name == name; }

/// 3x3 of stride 1: the kernels that read and write parts where they lie.
template <class Options>
bool is_plain_3x3(const Options& o, std::int64_t kh, std::int64_t kw) {
  return kh == 3 && kw == 3 && o.stride == Size2(1) && o.dilation == Size2(1) && o.groups == 1;
}

bool reads_parts(const Node& node) {
  if (node.op->name == "conv2d")
    return is_plain_3x3(from_attributes<Conv2dOptions>(node.attributes), node.inputs[1].shape()[2],
                        node.inputs[1].shape()[3]);
  if (node.op->name != "conv2d_weight_grad") return false;
  const auto o = from_attributes<Conv2dWeightGradOptions>(node.attributes);
  return is_plain_3x3(o, o.kernel.h, o.kernel.w);
}

bool joins_channels(const Value& value) {
  return is_op(value.node(), "concat") && from_attributes<AxisOptions>(value.node()->attributes).axis == 1;
}

using Readers = std::map<int, std::vector<const Node*>>;

Readers readers_of(const Graph& graph) {
  Readers readers;
  const std::vector<bool> live = live_nodes(graph);
  for (std::size_t i = 0; i < live.size(); ++i) {
    const Node& node = *graph.nodes()[i];
    for (const Value& input : node.inputs)
      if (input && live[i]) readers[input.id()].push_back(&node);
  }
  for (const GraphOutput& output : graph.outputs()) readers[output.value.id()].push_back(nullptr);
  return readers;
}

/// Whether everybody who reads this concat can read its parts instead.
bool vanishes(const Value& value, const Readers& readers) {
  return joins_channels(value) && std::ranges::all_of(readers.at(value.id()), [&](const Node* node) {
           return node && reads_parts(*node) && node->inputs[0] == value &&
                  std::ranges::count(node->inputs, value) == 1;
         });
}

/// The channels of the slices that alone read a transposed convolution and together are all of it; else empty.
std::vector<std::int64_t> slices_of(const Node& node, const Readers& readers) {
  if (node.op->name != "conv_transpose2d") return {};
  const Value y = node.outputs[0], w = node.inputs[1];
  if (!is_plain_3x3(from_attributes<ConvTranspose2dOptions>(node.attributes), w.shape()[2], w.shape()[3])) return {};
  const auto found = readers.find(y.id());
  if (found == readers.end()) return {};
  std::map<std::int64_t, std::int64_t> ends;  // by beginning
  for (const Node* reader : found->second) {
    if (!is_op(reader, "slice")) return {};
    const auto o = from_attributes<SliceOptions>(reader->attributes);
    if (o.axis != 1 || !ends.emplace(o.begin, o.end).second) return {};
  }
  std::vector<std::int64_t> channels;
  std::int64_t at = 0;
  for (const auto& [begin, end] : ends) {
    if (begin != at) return {};
    channels.push_back(end - begin);
    at = end;
  }
  return at == y.shape()[1] && channels.size() > 1 ? channels : std::vector<std::int64_t>();
}

Value part_at(const Node& split, std::int64_t begin) {
  std::int64_t at = 0;
  for (const Value& part : split.outputs) {
    if (at == begin) return part;
    at += part.shape()[1];
  }
  return {};
}

Graph run(const Graph& graph, Constants&) {
  const Readers readers = readers_of(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (reads_parts(node) && vanishes(node.inputs[0], readers)) {
      std::vector<Value> all(inputs.begin(), inputs.end());
      const std::vector<Value>& parts = inputs[0].node()->inputs;
      all[0] = parts[0];
      all.insert(all.end(), parts.begin() + 1, parts.end());
      return target.add_node(*node.op, node.attributes, all);
    }
    if (const std::vector<std::int64_t> channels = slices_of(node, readers); !channels.empty()) {
      auto options = from_attributes<ConvTranspose2dOptions>(node.attributes);
      options.split = channels;
      return target.add_node(*node.op, to_attributes(options), {inputs.begin(), inputs.end()});
    }
    if (node.op->name == "slice" && is_op(inputs[0].node(), "conv_transpose2d") && inputs[0].node()->outputs.size() > 1)
      return std::vector{part_at(*inputs[0].node(), from_attributes<SliceOptions>(node.attributes).begin)};
    return std::nullopt;
  };
  const auto copy = [](const Node&, std::span<const Value>, Graph&) { return std::nullopt; };
  return rewrite(rewrite(graph, rule), copy);
}

}  // namespace

const Pass kFuseConcat{"fuse_concat",
                       "conv2d(concat(a, b), w, c) => conv2d(a, w, c, b), the same for conv2d_weight_grad, and "
                       "slices of conv_transpose2d(x, w) => conv_transpose2d(x, w){split}, 3x3 of stride 1",
                       run};

}  // namespace inlay
