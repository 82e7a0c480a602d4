// ONNX has no adaptive pooling, so a file defines it: a function of the picture and the size, made of ONNX's operators.
#pragma once

#include "inlay/options.h"
#include "ops/onnx_mapping.h"

namespace inlay {

inline constexpr std::string_view kOnnxAdaptiveAveragePool = "inlay.AdaptiveAveragePool";

void write_adaptive_avg_pool(OnnxExporter& onnx, const Node& node, Size2 size);
std::vector<Value> read_adaptive_avg_pool(OnnxImporter& onnx, const OnnxNode& node);

}  // namespace inlay
