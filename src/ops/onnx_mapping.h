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
};

class OnnxImporter {
 public:
  virtual ~OnnxImporter() = default;
  virtual Graph graph() = 0;
  /// The Value of a tensor name; an empty Value for "". Throws InputError when nothing makes it.
  virtual Value value(const std::string& name) = 0;
  /// The numbers of an initializer or Constant of whole numbers; nothing when `name` is computed or absent.
  virtual std::optional<std::vector<std::int64_t>> integers(const std::string& name) = 0;
  /// The same for floating-point constants.
  virtual std::optional<std::vector<double>> floats(const std::string& name) = 0;
};

/// Input `i` of the node, "" when the node has fewer.
inline std::string input_name(const OnnxNode& node, std::size_t i) {
  return i < node.inputs.size() ? node.inputs[i] : std::string();
}

}  // namespace inlay
