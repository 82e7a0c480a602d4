// A computation as data: leaves (inputs, parameters, state) and operator nodes in the order they run.
// The graph knows no operator by name; what a node means is in the Operator it points to.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/attributes.h"
#include "inlay/tensor.h"

namespace inlay {

struct Operator;
class Graph;
struct Node;

struct TensorType {
  DType dtype = DType::f32;
  Shape shape;
  bool operator==(const TensorType&) const = default;
};

/// "f32 1x3x128x128".
std::string to_string(const TensorType& type);

enum class LeafKind {
  input,
  parameter,
  state
};  // given at each run | trained | kept but not trained (running statistics)

/// How a parameter starts.
struct Initializer {
  enum class Kind {
    constant,           // `value` everywhere
    he_normal,          // N(0, 2 / fan_in): He et al. 2015, for ReLU
    he_normal_fan_out,  // N(0, 2 / fan_out): the same, counted for the way back
    he_uniform,         // U(-a, a), a^2 = 6 / fan_in: he_normal's variance
    glorot_uniform,     // U(-a, a), a^2 = 6 / (fan_in + fan_out): Glorot and Bengio 2010, Keras' default
    lecun_uniform,      // U(-a, a), a^2 = 1 / fan_in (or 1 / `value`, for biases): Torch's and PyTorch's default
    normal,             // N(0, value^2)
    identity,  // 1 at the kernel's middle from channel i to channel i, `value` * N(0, 1) elsewhere: Yu and Koltun 2016
    bilinear,  // linear interpolation by `value`, or half the kernel's side when 0: Long, Shelhamer and Darrell 2015
  };
  Kind kind = Kind::constant;
  double value = 0;
  bool operator==(const Initializer&) const = default;
};

struct Leaf {
  LeafKind kind = LeafKind::input;
  std::string name;  // unique in its graph, e.g. "down/16/a/weight"
  Initializer initializer;
};

/// A tensor of a graph, not its numbers. Cheap to copy; valid as long as the graph's content lives (moving the graph
/// keeps it).
class Value {
 public:
  Value() = default;
  explicit operator bool() const { return body_ != nullptr; }
  int id() const { return id_; }
  const TensorType& type() const;
  const Shape& shape() const { return type().shape; }
  /// The node that makes it; null for a leaf.
  const Node* node() const;
  /// Which of the node's outputs it is.
  int output() const;
  /// Null unless it is a leaf.
  const Leaf* leaf() const;
  /// A leaf's name, or "%7" for the value 7.
  std::string name() const;
  Graph graph() const;
  bool operator==(const Value&) const = default;

 private:
  friend class Graph;
  friend struct GraphBody;
  Value(struct GraphBody* body, int id) : body_(body), id_(id) {}
  struct GraphBody* body_ = nullptr;
  int id_ = -1;
};

struct Node {
  const Operator* op = nullptr;
  Attributes attributes;
  std::vector<Value> inputs;  // an absent optional input is an empty Value
  std::vector<Value> outputs;
  std::string name;  // "merge/512/concat"
};

struct GraphOutput {
  std::string name;
  Value value;
};

/// A handle: copies refer to the same content. Nodes are only ever appended; a pass builds a new graph
/// (graph/rewrite.h).
class Graph {
 public:
  Graph();

  /// Throws InputError when the name is taken.
  Value add_leaf(LeafKind kind, std::string name, TensorType type, Initializer initializer = {});
  Value input(std::string name, TensorType type) { return add_leaf(LeafKind::input, std::move(name), std::move(type)); }

  /// Appends a node, with types by the operator's shape rule. An InputError of the rule is rethrown with the place in
  /// front.
  std::vector<Value> add_node(const Operator& op, Attributes attributes, std::vector<Value> inputs);

  void set_output(std::string name, Value value);

  /// Nodes added from now on are named PATH/OPERATOR; "" at the start.
  void set_scope(std::string path);
  const std::string& scope() const;

  std::span<const std::unique_ptr<Node>> nodes() const;
  std::span<const Value> leaves() const;
  std::span<const GraphOutput> outputs() const;
  int value_count() const;
  /// Throws InputError that lists the names there are.
  Value output(std::string_view name) const;
  /// The leaf of that name; an empty Value when there is none.
  Value find_leaf(std::string_view name) const;

  bool operator==(const Graph& other) const { return body_ == other.body_; }

 private:
  friend class Value;
  explicit Graph(std::shared_ptr<struct GraphBody> body) : body_(std::move(body)) {}
  std::shared_ptr<struct GraphBody> body_;
};

/// One line a leaf, node and output:
///   input x: f32 1x1x4x4
///   parameter a/weight: f32 2x1x3x3 he_normal
///   %2 = conv2d(x, a/weight) {padding=[1, 1, 1, 1]} : f32 1x2x4x4 "a/conv2d"
///   output logits = %2
std::string to_string(const Graph& graph);

/// Looks an operator up by name; null when there is none. See ops.h: find_operator.
using OperatorLookup = const Operator* (*)(std::string_view name);

/// The reverse of to_string. Shapes are worked out again and must agree. Throws InputError that names the line.
Graph parse_graph(std::string_view text, OperatorLookup find);

/// Throws std::logic_error when an operand comes after its use, a type disagrees with its operator's rule, or a name is
/// taken twice.
void verify(const Graph& graph);

}  // namespace inlay
