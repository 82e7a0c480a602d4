// A file that other programs might have written: "x", f32 1x2x8x12, to "y", by nodes that a test adds.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>
#include <vector>

#include "onnx/convert.h"
#include "onnx/export_graph.h"
#include "onnx/import_graph.h"

namespace inlay::testing {

struct ForeignFile {
  onnx::ModelProto model = without_nodes();
  onnx::GraphProto& graph = *model.mutable_graph();

  static onnx::ModelProto without_nodes() {
    Graph whole;
    whole.set_output("y", whole.input("x", {DType::f32, {1, 2, 8, 12}}));
    onnx::ModelProto model = export_model(whole, {});
    model.mutable_graph()->clear_node();
    return model;
  }

  onnx::NodeProto& add(const std::string& type, const std::vector<std::string>& inputs, const std::string& output) {
    onnx::NodeProto& node = *graph.add_node();
    node.set_op_type(type);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }

  /// The name of a constant.
  std::string numbers(const std::vector<std::int64_t>& values) {
    *graph.add_initializer() = to_proto("n" + std::to_string(graph.initializer_size()), values);
    return graph.initializer(graph.initializer_size() - 1).name();
  }
  std::string number(float value) {
    *graph.add_initializer() = to_proto("n" + std::to_string(graph.initializer_size()), Tensor::filled({}, value));
    return graph.initializer(graph.initializer_size() - 1).name();
  }

  /// The graph that is read from it, as text.
  std::string read() const { return to_string(import_graph(model, {{{"x", {1, 2, 8, 12}}}, false}).graph); }
};

inline void set(onnx::NodeProto& node, std::string_view name, const Attribute& value) {
  *node.add_attribute() = to_proto(name, value);
}

}  // namespace inlay::testing
