#include "onnx/graph_reader.h"

#include <stdexcept>

#include "base/fail.h"
#include "graph/operator.h"
#include "inlay/ops.h"
#include "onnx/convert.h"
#include "onnx/fold_shapes.h"

namespace inlay {
namespace {

std::string parent(const std::string& name) {
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? "" : name.substr(0, slash);
}

/// The type, with its domain unless it is ONNX's own.
std::string full_type(const onnx::NodeProto& node) {
  const bool own = node.domain().empty() || node.domain() == "ai.onnx";
  return own ? node.op_type() : node.domain() + "." + node.op_type();
}

const OnnxImport* find_import(std::string_view type) {
  for (const Operator* op : operators())
    for (const OnnxImport& import : op->from_onnx)
      if (import.type == type) return &import;
  return nullptr;
}

/// Extents that the file leaves open are taken from `known`, or guessed.
Shape input_shape(const onnx::ValueInfoProto& info, const ImportOptions& options) {
  constexpr std::int64_t kBatch = 1, kSide = 256;
  const auto& dims = info.type().tensor_type().shape().dim();
  const auto known = options.input_shapes.find(info.name());
  const bool use_known = known != options.input_shapes.end() && known->second.rank() == dims.size();
  std::vector<std::int64_t> extents;
  for (int i = 0; i < dims.size(); ++i) {
    const std::int64_t open = use_known ? known->second[i] : i == 0 ? kBatch : kSide;
    extents.push_back(dims[i].has_dim_value() ? dims[i].dim_value() : open);
  }
  for (std::int64_t extent : extents)
    if (extent < 1) fail_input("input '{}' has an extent of {}", info.name(), extent);
  return Shape(extents);
}

/// A Constant's value, whichever of its attributes holds it.
onnx::TensorProto constant_value(const onnx::NodeProto& node) {
  const std::string& name = node.output(0);
  for (const onnx::AttributeProto& a : node.attribute()) {
    onnx::TensorProto proto;
    proto.set_name(name);
    if (a.name() == "value") {
      proto = a.t();
      proto.set_name(name);
      return proto;
    }
    const bool list = a.name() == "value_ints" || a.name() == "value_floats";
    if (a.name() == "value_int" || a.name() == "value_ints") {
      proto.set_data_type(onnx::TensorProto::INT64);
      if (list)
        *proto.mutable_int64_data() = a.ints();
      else
        proto.add_int64_data(a.i());
    } else if (a.name() == "value_float" || a.name() == "value_floats") {
      proto.set_data_type(onnx::TensorProto::FLOAT);
      if (list)
        *proto.mutable_float_data() = a.floats();
      else
        proto.add_float_data(a.f());
    } else {
      continue;
    }
    if (list) proto.add_dims(std::max(proto.int64_data_size(), proto.float_data_size()));
    return proto;
  }
  fail_input("the constant has no tensor, whole number or number as its value");
}

}  // namespace

GraphReader::GraphReader(const onnx::GraphProto& proto, const ImportOptions& options, const LeafKinds& leaves)
    : leaves_(leaves) {
  for (const onnx::TensorProto& tensor : proto.initializer()) constants_[tensor.name()] = &tensor;
  read_inputs(proto, options);
  for (const onnx::TensorProto& tensor : proto.initializer())
    if (leaves.contains(tensor.name())) value(tensor.name());
  for (const onnx::NodeProto& node : proto.node()) {
    const std::string type = full_type(node);
    const std::string place = fmt::format(
        "node '{}' ({})", !node.name().empty() || node.output_size() == 0 ? node.name() : node.output(0), type);
    try {
      if (node.output_size() == 0) fail_input("it has no output");
      if (type == "Constant")
        add_constant(constant_value(node));
      else
        read_node(node);
    } catch (const InputError& error) {
      fail_input("{}: {}", place, error.what());
    } catch (const std::logic_error&) {  // the operator asked for an input that is not there
      fail_input("{}: an input that the operator needs is missing, it has {}", place, node.input_size());
    }
  }
  graph_.set_scope("");
  read_outputs(proto, options);
}

Value GraphReader::value(const std::string& name) {
  if (name.empty()) return {};
  if (const auto found = values_.find(name); found != values_.end()) return found->second;
  const auto constant = constants_.find(name);
  if (constant == constants_.end()) fail_input("nothing before it makes its input '{}'", name);
  const onnx::TensorProto& proto = *constant->second;
  const TensorType type{dtype_of(fmt::format("tensor '{}'", name), proto.data_type()), shape_of(proto)};
  const auto kind = leaves_.find(name);
  const Value leaf = graph_.add_leaf(kind == leaves_.end() ? LeafKind::parameter : kind->second, name, type);
  values_.emplace(name, leaf);
  return leaf;
}

std::optional<std::vector<std::int64_t>> GraphReader::integers(const std::string& name) {
  const auto found = constants_.find(name);
  return found == constants_.end() ? std::nullopt : integers_of(*found->second);
}

std::optional<std::vector<SizeTerm>> GraphReader::sizes(const std::string& name) {
  if (const auto found = sizes_.find(name); found != sizes_.end()) return found->second;
  const auto numbers = integers(name);
  if (!numbers) return std::nullopt;
  std::vector<SizeTerm> terms;
  for (const std::int64_t number : *numbers) terms.push_back({.number = number});
  return terms;
}

std::optional<std::vector<double>> GraphReader::floats(const std::string& name) {
  const auto found = constants_.find(name);
  return found == constants_.end() ? std::nullopt : floats_of(*found->second);
}

Tensors GraphReader::tensors() const {
  Tensors tensors;
  for (const Value& leaf : graph_.leaves())
    if (leaf.leaf()->kind != LeafKind::input) tensors.emplace(leaf.name(), tensor_of(*constants_.at(leaf.name())));
  return tensors;
}

void GraphReader::read_inputs(const onnx::GraphProto& proto, const ImportOptions& options) {
  std::vector<const onnx::ValueInfoProto*> inputs;
  for (const onnx::ValueInfoProto& info : proto.input())
    if (!constants_.contains(info.name())) inputs.push_back(&info);  // old files list the initializers as inputs too
  for (const onnx::ValueInfoProto* info : inputs) {
    const DType type = dtype_of(fmt::format("input '{}'", info->name()), info->type().tensor_type().elem_type());
    const std::string name = options.as_model && inputs.size() == 1 ? "image" : info->name();
    define(info->name(), graph_.input(name, {type, input_shape(*info, options)}));
  }
}

void GraphReader::add_constant(onnx::TensorProto proto) {
  const std::string name = proto.name();
  const auto [at, fresh] = made_.emplace(name, std::move(proto));
  if (!fresh || !constants_.emplace(name, &at->second).second) fail_input("'{}' is made twice", name);
}

void GraphReader::add_sizes(const std::string& name, std::vector<SizeTerm> terms) {
  std::vector<std::int64_t> numbers;
  for (const SizeTerm& term : terms) numbers.push_back(term.number);
  add_constant(to_proto(name, numbers));
  sizes_.emplace(name, std::move(terms));
}

void GraphReader::read_node(const onnx::NodeProto& proto) {
  OnnxNode node{full_type(proto),
                {proto.input().begin(), proto.input().end()},
                {proto.output().begin(), proto.output().end()},
                {}};
  for (const onnx::AttributeProto& attribute : proto.attribute())
    node.attributes.set(attribute.name(), attribute_of(attribute));
  if (auto terms = fold_shapes(*this, node)) return add_sizes(node.outputs[0], *std::move(terms));
  const OnnxImport* import = find_import(node.type);
  if (import == nullptr) fail_input("Inlay does not have this operator");
  graph_.set_scope(parent(proto.name()));
  const std::vector<Value> results = import->build(*this, node);
  for (std::size_t i = 0; i < node.outputs.size(); ++i) {
    if (node.outputs[i].empty()) continue;
    if (i >= results.size()) fail_input("its output '{}' is not supported", node.outputs[i]);
    define(node.outputs[i], results[i]);
  }
}

void GraphReader::read_outputs(const onnx::GraphProto& proto, const ImportOptions& options) {
  for (const onnx::ValueInfoProto& info : proto.output()) {
    const auto found = values_.find(info.name());
    if (found == values_.end()) fail_input("no node makes the output '{}'", info.name());
    graph_.set_output(options.as_model && proto.output_size() == 1 ? "logits" : info.name(), found->second);
  }
}

void GraphReader::define(const std::string& name, const Value& value) {
  if (constants_.contains(name) || !values_.emplace(name, value).second) fail_input("'{}' is made twice", name);
}

}  // namespace inlay
