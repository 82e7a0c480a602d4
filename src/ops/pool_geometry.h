// The sizes of one pooling, shared by max_pool2d, avg_pool2d and its transpose.
#pragma once

#include "graph/operator.h"
#include "inlay/options.h"
#include "ops/onnx_mapping.h"

namespace inlay {

/// x (n, c, h, w) -> y (n, c, oh, ow). Every window holds at least one pixel of the picture.
struct PoolGeometry {
  std::int64_t n, c, h, w, oh, ow;
  Size2 kernel, stride;
  Padding padding;

  Shape input() const { return {n, c, h, w}; }
  Shape output() const { return {n, c, oh, ow}; }
};

PoolGeometry pool_geometry(const Pool2dOptions& options, const TensorType& x);

Window pool_window(const Pool2dOptions& options);

/// kernel_shape, strides, pads, ceil_mode.
void write_pool(OnnxNode& node, const Pool2dOptions& options);
Pool2dOptions read_pool(const OnnxNode& node);

}  // namespace inlay
