#include "onnx/export_graph.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/fail.h"
#include "graph/operator.h"
#include "graph/rewrite.h"
#include "onnx/convert.h"
#include "ops/onnx_mapping.h"

namespace inlay {
namespace {

void write_node(const OnnxNode& node, onnx::NodeProto& proto) {
  proto.set_op_type(node.type);
  for (const std::string& input : node.inputs) proto.add_input(input);
  for (const std::string& output : node.outputs) proto.add_output(output);
  for (const auto& [key, value] : node.attributes) *proto.add_attribute() = to_proto(key, value);
}

void set_opset(onnx::OperatorSetIdProto& opset, std::string_view domain, std::int64_t version) {
  opset.set_domain(std::string(domain));
  opset.set_version(version);
}

void write_function(const OnnxFunction& function, onnx::FunctionProto& proto) {
  proto.set_domain(std::string(kOnnxDomain));
  proto.set_name(function.name);
  set_opset(*proto.add_opset_import(), "", kOnnxOpset);
  for (const std::string& input : function.inputs) proto.add_input(input);
  for (const std::string& output : function.outputs) proto.add_output(output);
  for (const OnnxNode& node : function.nodes) write_node(node, *proto.add_node());
}

/// Writes nodes, constants and functions into a message; leaves, inputs and outputs are up to the caller.
class NodeWriter : public OnnxExporter {
 public:
  NodeWriter(const Graph& graph, onnx::ModelProto& model)
      : model_(model), proto_(*model.mutable_graph()), names_(static_cast<std::size_t>(graph.value_count())) {
    for (const Value& leaf : graph.leaves()) name_of(leaf) = unique(leaf.name());
    for (const GraphOutput& output : graph.outputs())
      if (output.value.node() && name_of(output.value).empty()) name_of(output.value) = unique(output.name);
    for (const auto& node : graph.nodes())
      for (const Value& output : node->outputs)
        if (name_of(output).empty())
          name_of(output) =
              unique(output.output() == 0 ? node->name : fmt::format("{}:{}", node->name, output.output()));
    for (const auto& node : graph.nodes()) write(*node);
    node_ = nullptr;
    for (const GraphOutput& output : graph.outputs())
      if (name_of(output.value) != output.name) add({"Identity", {name_of(output.value)}, {unique(output.name)}, {}});
  }

  std::string name(const Value& value) override { return value ? name_of(value) : ""; }

  std::string fresh(std::string_view hint) override {
    return unique(node_ ? fmt::format("{}/{}", node_->name, hint) : std::string(hint));
  }

  std::string constant(std::string_view hint, const Tensor& value) override {
    *proto_.add_initializer() = to_proto(fresh(hint), value);
    return proto_.initializer(proto_.initializer_size() - 1).name();
  }

  std::string constant(std::string_view hint, const std::vector<std::int64_t>& value) override {
    *proto_.add_initializer() = to_proto(fresh(hint), value);
    return proto_.initializer(proto_.initializer_size() - 1).name();
  }

  void add(OnnxNode node) override {
    onnx::NodeProto& added = *proto_.add_node();
    added.set_name(name_for(node));
    write_node(node, added);
  }

  void call(const OnnxFunction& function, std::vector<std::string> inputs, std::vector<std::string> outputs) override {
    if (functions_.empty()) set_opset(*model_.add_opset_import(), kOnnxDomain, 1);
    if (functions_.insert(function.name).second) write_function(function, *model_.add_functions());
    add({function.name, std::move(inputs), std::move(outputs), {}});
    proto_.mutable_node(proto_.node_size() - 1)->set_domain(std::string(kOnnxDomain));
  }

 private:
  void write(const Node& node) {
    if (node.op->to_onnx == nullptr) fail_input("'{}': the operator {} has no ONNX form", node.name, node.op->name);
    node_ = &node;
    parts_ = 0;
    node.op->to_onnx(*this, node);
  }

  /// What makes the node's result has the node's name, so that reading the file gives the same names again.
  std::string name_for(const OnnxNode& part) {
    if (node_ == nullptr) return part.outputs.at(0);
    const bool result = std::ranges::any_of(
        node_->outputs, [&](const Value& output) { return std::ranges::count(part.outputs, name_of(output)) > 0; });
    return result ? node_->name : fmt::format("{}/{}_{}", node_->name, part.type, ++parts_);
  }

  std::string& name_of(const Value& value) { return names_[static_cast<std::size_t>(value.id())]; }

  std::string unique(std::string wanted) {
    std::string name = wanted;
    for (int count = 2; !taken_.insert(name).second; ++count) name = fmt::format("{}_{}", wanted, count);
    return name;
  }

  onnx::ModelProto& model_;
  onnx::GraphProto& proto_;
  std::vector<std::string> names_;  // by value
  std::unordered_set<std::string> taken_;
  std::unordered_set<std::string> functions_;  // that the file has
  const Node* node_ = nullptr;                 // the one that is being written
  int parts_ = 0;                              // ONNX nodes that only help it, so far
};

using Symbols = std::map<std::string, std::array<std::string, Shape::kMaxRank>>;  // by input or output, a name for each
                                                                                  // extent, or ""

bool is_picture(const Value& value) {
  return value.leaf() && value.leaf()->kind == LeafKind::input && value.shape().rank() == 4;
}

std::string nodes_of(const Graph& graph) {
  onnx::ModelProto model;
  NodeWriter(graph, model);
  return model.SerializeAsString();
}

/// As instantiate() does, but with the outputs that serve training alone, which are in the file too.
Graph resized(const Graph& graph, const std::map<std::string, Shape>& input_shapes) {
  const auto leaf_rule = [&](const Leaf& leaf, const TensorType& type) {
    const auto found = input_shapes.find(leaf.name);
    return found == input_shapes.end() ? type : TensorType{type.dtype, found->second};
  };
  const auto node_rule = [](const Node&, std::span<const Value>, Graph&) {
    return std::optional<std::vector<Value>>();  // as it is
  };
  return rewrite(graph, node_rule, leaf_rule);
}

/// Which extents the nodes leave open, found by writing them for twice the extent.
Symbols open_extents(const Graph& graph) {
  constexpr std::array<std::pair<int, const char*>, 3> kAxes{{{0, "batch"}, {2, "height"}, {3, "width"}}};
  Symbols symbols;
  const std::string written = nodes_of(resized(graph, {}));  // without nodes that nobody reads
  for (const auto& [axis, symbol] : kAxes) {
    std::map<std::string, Shape> doubled;
    for (const Value& leaf : graph.leaves()) {
      if (!is_picture(leaf)) continue;
      Shape shape = leaf.shape();
      shape[axis] *= 2;
      doubled.emplace(leaf.name(), shape);
    }
    Graph other;
    try {
      other = resized(graph, doubled);
    } catch (const InputError&) {
      continue;  // this extent is fixed
    }
    if (nodes_of(other) != written) continue;
    for (const auto& [name, shape] : doubled) symbols[name][static_cast<std::size_t>(axis)] = symbol;
    const Shape first = doubled.empty() ? Shape{} : graph.find_leaf(doubled.begin()->first).shape();
    for (const GraphOutput& output : graph.outputs()) {
      const Shape& before = output.value.shape();
      const Shape& after = other.output(output.name).shape();
      for (int i = 0; i < before.rank(); ++i) {
        if (before[i] == after[i]) continue;
        const bool same = i == axis && before[i] == first[axis];
        symbols[output.name][static_cast<std::size_t>(i)] = same ? symbol : fmt::format("{}_{}", output.name, symbol);
      }
    }
  }
  return symbols;
}

void write_type(onnx::ValueInfoProto& info, const std::string& name, const TensorType& type, const Symbols& symbols) {
  info.set_name(name);
  auto& tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx_type(type.dtype));
  tensor.mutable_shape();
  const auto found = symbols.find(name);
  for (int i = 0; i < type.shape.rank(); ++i) {
    auto& extent = *tensor.mutable_shape()->add_dim();
    const std::string symbol = found == symbols.end() ? "" : found->second[static_cast<std::size_t>(i)];
    if (symbol.empty())
      extent.set_dim_value(type.shape[i]);
    else
      extent.set_dim_param(symbol);
  }
}

const Tensor& tensor_for(const Value& leaf, const Tensors& tensors) {
  const auto found = tensors.find(leaf.name());
  if (found == tensors.end()) fail_input("the model has no numbers for '{}'", leaf.name());
  const TensorType type{found->second.type(), found->second.shape()};
  if (!(type == leaf.type()))
    fail_input("'{}' is {} in the graph, but its numbers are {}", leaf.name(), to_string(leaf.type()), to_string(type));
  return found->second;
}

}  // namespace

onnx::ModelProto export_model(const Graph& graph, const Tensors& tensors) {
  onnx::ModelProto model;
  model.set_ir_version(8);  // of ONNX 1.11, the release of the opset
  model.set_producer_name("inlay");
  set_opset(*model.add_opset_import(), "", kOnnxOpset);
  onnx::GraphProto& proto = *model.mutable_graph();
  proto.set_name("inlay");
  NodeWriter(graph, model);
  const Symbols symbols = open_extents(graph);
  for (const Value& leaf : graph.leaves()) {
    if (leaf.leaf()->kind == LeafKind::input)
      write_type(*proto.add_input(), leaf.name(), leaf.type(), symbols);
    else
      *proto.add_initializer() = to_proto(leaf.name(), tensor_for(leaf, tensors));
  }
  for (const GraphOutput& output : graph.outputs())
    write_type(*proto.add_output(), output.name, output.value.type(), symbols);
  return model;
}

}  // namespace inlay
