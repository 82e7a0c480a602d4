// One walk over the nodes of an ONNX graph.
#pragma once

#include <map>
#include <unordered_map>

#include "onnx/import_graph.h"
#include "ops/onnx_mapping.h"

namespace inlay {

using LeafKinds = std::map<std::string, LeafKind>;

class GraphReader : public OnnxImporter {
 public:
  /// The initializers among `leaves` are made first, in the file's order; what else a node computes with becomes a
  /// parameter.
  GraphReader(const onnx::GraphProto& proto, const ImportOptions& options, const LeafKinds& leaves);

  Graph graph() override { return graph_; }
  Value value(const std::string& name) override;
  std::optional<std::vector<std::int64_t>> integers(const std::string& name) override;
  std::optional<std::vector<SizeTerm>> sizes(const std::string& name) override;
  std::optional<std::vector<double>> floats(const std::string& name) override;

  /// The numbers of the graph's leaves.
  Tensors tensors() const;

 private:
  void read_inputs(const onnx::GraphProto& proto, const ImportOptions& options);
  void read_node(const onnx::NodeProto& node);
  void add_constant(onnx::TensorProto proto);
  void add_sizes(const std::string& name, std::vector<SizeTerm> terms);
  void read_outputs(const onnx::GraphProto& proto, const ImportOptions& options);
  void define(const std::string& name, const Value& value);

  Graph graph_;
  const LeafKinds& leaves_;
  std::unordered_map<std::string, Value> values_;
  std::unordered_map<std::string, onnx::TensorProto> made_;              // by Constant nodes, or folded
  std::unordered_map<std::string, const onnx::TensorProto*> constants_;  // those and the initializers
  std::unordered_map<std::string, std::vector<SizeTerm>> sizes_;         // of the folded ones
};

}  // namespace inlay
