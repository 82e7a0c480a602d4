// crop_like as ONNX's Slice and pad_like as its Pad, with positions that the file works out from the sizes, and back.
#pragma once

#include "inlay/options.h"
#include "ops/onnx_mapping.h"

namespace inlay {

void write_crop_like(OnnxExporter& onnx, const Node& node, const CropLikeOptions& options);
void write_pad_like(OnnxExporter& onnx, const Node& node, const CropLikeOptions& options);

/// An empty Value when the Slice or Pad has constant positions, or such that neither operator says them.
Value read_crop_like(OnnxImporter& onnx, const OnnxNode& node);
Value read_pad_like(OnnxImporter& onnx, const OnnxNode& node);

}  // namespace inlay
