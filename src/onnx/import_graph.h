// An ONNX graph as a graph.
#pragma once

#include <onnx/onnx_pb.h>

#include "inlay/model.h"

namespace inlay {

struct ImportOptions {
  std::map<std::string, Shape>
      input_shapes;       // for inputs whose extents are symbols; else 1 for the batch, 256 for the others
  bool as_model = false;  // an only input is named "image" and an only output "logits", whatever the file calls them
};

struct ImportedGraph {
  Graph graph;
  Tensors tensors;
};

/// Initializers and Constants that a node computes with become leaves, under their own names: state where a training
/// step would change them (running statistics), parameters otherwise. Throws InputError that names the node, tensor or
/// input.
ImportedGraph import_graph(const onnx::ModelProto& model, const ImportOptions& options = {});

}  // namespace inlay
