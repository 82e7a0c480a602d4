#include "inlay/graph.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "base/fail.h"
#include "graph/operator.h"

namespace inlay {

struct GraphBody : std::enable_shared_from_this<GraphBody> {
  struct ValueInfo {
    TensorType type;
    int node = -1;  // or a leaf
    int leaf = -1;
    int output = 0;
  };

  Value add_value(ValueInfo info) {
    values.push_back(std::move(info));
    return {this, static_cast<int>(values.size()) - 1};
  }

  std::deque<ValueInfo> values;  // stays in place when it grows: types are handed out by reference
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<std::unique_ptr<Leaf>> leaves;
  std::vector<Value> leaf_values;
  std::vector<GraphOutput> outputs;
  std::unordered_map<std::string, int> leaf_by_name;
  std::unordered_map<std::string, int> node_names;  // how often each was used
  std::string scope;
};

namespace {

const GraphBody::ValueInfo& info(const GraphBody* body, int id) { return body->values[static_cast<std::size_t>(id)]; }

}  // namespace

const TensorType& Value::type() const {
  if (body_ == nullptr) throw std::logic_error("type of an empty Value");
  return info(body_, id_).type;
}

const Node* Value::node() const {
  const int node = info(body_, id_).node;
  return node < 0 ? nullptr : body_->nodes[static_cast<std::size_t>(node)].get();
}

int Value::output() const { return info(body_, id_).output; }

const Leaf* Value::leaf() const {
  const int leaf = info(body_, id_).leaf;
  return leaf < 0 ? nullptr : body_->leaves[static_cast<std::size_t>(leaf)].get();
}

std::string Value::name() const {
  const Leaf* as_leaf = leaf();
  return as_leaf ? as_leaf->name : fmt::format("%{}", id_);
}

Graph Value::graph() const {
  if (body_ == nullptr) throw std::logic_error("graph of an empty Value");
  return Graph(body_->shared_from_this());
}

Graph::Graph() : body_(std::make_shared<GraphBody>()) {}

Value Graph::add_leaf(LeafKind kind, std::string name, TensorType type, Initializer initializer) {
  const int index = static_cast<int>(body_->leaves.size());
  if (!body_->leaf_by_name.emplace(name, index).second) fail_input("the graph already has a leaf named '{}'", name);
  body_->leaves.push_back(std::make_unique<Leaf>(Leaf{kind, std::move(name), initializer}));
  const Value value = body_->add_value({std::move(type), -1, index, 0});
  body_->leaf_values.push_back(value);
  return value;
}

std::vector<Value> Graph::add_node(const Operator& op, Attributes attributes, std::vector<Value> inputs) {
  std::vector<TensorType> types;
  for (const Value& input : inputs) {
    if (input && input.body_ != body_.get())
      throw std::logic_error(fmt::format("{}: an input belongs to another graph", op.name));
    types.push_back(input ? input.type() : absent_type());
  }
  std::vector<TensorType> result;
  try {
    result = op.shape(attributes, types);
  } catch (const InputError& error) {
    if (body_->scope.empty()) fail_input("{}: {}", op.name, error.what());
    fail_input("{} at '{}': {}", op.name, body_->scope, error.what());
  }
  std::string name = body_->scope.empty() ? std::string(op.name) : fmt::format("{}/{}", body_->scope, op.name);
  if (const int used = body_->node_names[name]++; used > 0) name += fmt::format("_{}", used + 1);

  auto node = std::make_unique<Node>(Node{&op, std::move(attributes), std::move(inputs), {}, std::move(name)});
  const int index = static_cast<int>(body_->nodes.size());
  for (std::size_t i = 0; i < result.size(); ++i)
    node->outputs.push_back(body_->add_value({result[i], index, -1, static_cast<int>(i)}));
  body_->nodes.push_back(std::move(node));
  return body_->nodes.back()->outputs;
}

void Graph::set_output(std::string name, Value value) {
  for (GraphOutput& output : body_->outputs) {
    if (output.name == name) {
      output.value = value;
      return;
    }
  }
  body_->outputs.push_back({std::move(name), value});
}

void Graph::set_scope(std::string path) { body_->scope = std::move(path); }
const std::string& Graph::scope() const { return body_->scope; }
std::span<const std::unique_ptr<Node>> Graph::nodes() const { return body_->nodes; }
std::span<const Value> Graph::leaves() const { return body_->leaf_values; }
std::span<const GraphOutput> Graph::outputs() const { return body_->outputs; }
int Graph::value_count() const { return static_cast<int>(body_->values.size()); }

Value Graph::output(std::string_view name) const {
  std::vector<std::string> names;
  for (const GraphOutput& output : body_->outputs) {
    if (output.name == name) return output.value;
    names.push_back(output.name);
  }
  fail_input("the graph has no output '{}'; it has: {}", name, fmt::join(names, ", "));
}

Value Graph::find_leaf(std::string_view name) const {
  const auto found = body_->leaf_by_name.find(std::string(name));
  return found == body_->leaf_by_name.end() ? Value() : body_->leaf_values[static_cast<std::size_t>(found->second)];
}

}  // namespace inlay
