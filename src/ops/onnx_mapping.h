// What an operator needs to write itself as ONNX nodes and to read itself back. The protobuf side is in src/onnx.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/attributes.h"
#include "inlay/graph.h"

namespace inlay {

/// One node of an ONNX graph. Empty input and output names stand for absent optional ones.
/// Numbers among the attributes: int64 -> INT, double -> FLOAT, string -> STRING, lists -> INTS and FLOATS; a bool is
/// written as INT.
struct OnnxNode {
  std::string type;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  Attributes attributes;
};

/// A whole number that a file works out from the shapes of its tensors, and how: what is read with it can then be built
/// for other sizes too.
struct SizeTerm {
  enum class Kind { number, extent, sum, difference, quotient };
  Kind kind = Kind::number;
  std::int64_t number = 0;  // at the sizes of the graph that is being read
  Value of = {};            // extent: of this value along `axis`
  int axis = 0;
  std::vector<SizeTerm> terms = {};  // sum, difference, quotient: the two operands

  bool operator==(const SizeTerm& other) const {
    return kind == other.kind && number == other.number && of == other.of && axis == other.axis && terms == other.terms;
  }
};

/// Of what a file defines itself.
inline constexpr std::string_view kOnnxDomain = "inlay";

/// An operator that ONNX does not have, as a function of nodes that it does have (FunctionProto).
struct OnnxFunction {
  std::string name;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::vector<OnnxNode> nodes;
};

class OnnxExporter {
 public:
  virtual ~OnnxExporter() = default;
  /// The ONNX name of a value of the graph ("" for an empty Value).
  virtual std::string name(const Value& value) = 0;
  /// A new name that nothing uses yet.
  virtual std::string fresh(std::string_view hint) = 0;
  /// Adds an initializer and gives its name.
  virtual std::string constant(std::string_view hint, const Tensor& value) = 0;
  virtual std::string constant(std::string_view hint, const std::vector<std::int64_t>& value) = 0;
  virtual void add(OnnxNode node) = 0;
  /// Adds a node that calls the function, and the function to the file.
  virtual void call(const OnnxFunction& function, std::vector<std::string> inputs,
                    std::vector<std::string> outputs) = 0;
};

class OnnxImporter {
 public:
  virtual ~OnnxImporter() = default;
  virtual Graph graph() = 0;
  /// The Value of a tensor name; an empty Value for "". Throws InputError when nothing makes it.
  virtual Value value(const std::string& name) = 0;
  /// The numbers of an initializer or Constant of whole numbers, or worked out from shapes; nothing when `name` is
  /// computed otherwise or absent.
  virtual std::optional<std::vector<std::int64_t>> integers(const std::string& name) = 0;
  /// The same with where they come from; also of what Shape and arithmetic on its result make.
  virtual std::optional<std::vector<SizeTerm>> sizes(const std::string& name) = 0;
  /// The same for floating-point constants.
  virtual std::optional<std::vector<double>> floats(const std::string& name) = 0;
};

/// Input `i` of the node, "" when the node has fewer.
inline std::string input_name(const OnnxNode& node, std::size_t i) {
  return i < node.inputs.size() ? node.inputs[i] : std::string();
}

}  // namespace inlay
