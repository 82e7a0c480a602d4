// What a model file keeps beside the graph: ONNX metadata under keys inlay.*, lists and tables as JSON.
#pragma once

#include <onnx/onnx_pb.h>

#include "inlay/model.h"

namespace inlay {

void write_info(const ModelInfo& info, onnx::ModelProto& model);
/// What the file does not say stays as it is. Throws InputError that names the key.
void read_info(const onnx::ModelProto& model, ModelInfo& info);

/// The extents for which the graph was built; the file itself has symbols there.
void write_input_shapes(const Graph& graph, onnx::ModelProto& model);
std::map<std::string, Shape> read_input_shapes(const onnx::ModelProto& model);

}  // namespace inlay
