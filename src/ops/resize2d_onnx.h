// resize2d and resize2d_like as ONNX's Resize, and back.
#pragma once

#include "inlay/options.h"
#include "ops/onnx_mapping.h"

namespace inlay {

void write_resize(OnnxExporter& onnx, const Node& node, const Resize2dOptions& options);
/// The size is read from `like` when the network runs, so the file works for any picture.
void write_resize_like(OnnxExporter& onnx, const Node& node, const Resize2dOptions& options);

std::vector<Value> read_resize(OnnxImporter& onnx, const OnnxNode& node);
/// ONNX's older name, opset 9 and below.
std::vector<Value> read_upsample(OnnxImporter& onnx, const OnnxNode& node);

}  // namespace inlay
