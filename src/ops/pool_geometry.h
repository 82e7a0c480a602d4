// The sizes of one pooling, shared by max_pool2d, avg_pool2d and its transpose.
#pragma once

#include "graph/operator.h"
#include "inlay/options.h"
#include "ops/onnx_mapping.h"

namespace inlay {

/// x (n, c, h, w) -> y (n, c, oh, ow). Every window holds at least one pixel of the picture.
struct PoolGeometry {
  std::int64_t n, c, h, w, oh, ow;
  Size2 kernel, stride, dilation;
  Padding padding;

  Shape input() const { return {n, c, h, w}; }
  Shape output() const { return {n, c, oh, ow}; }
};

/// Pixels that a window of `kernel` pixels spans.
constexpr std::int64_t pool_extent(std::int64_t kernel, std::int64_t dilation) { return dilation * (kernel - 1) + 1; }

/// The part of a window that starts at `start` that lies in the picture, along one side: `count` pixels from `first`
/// on.
struct PoolTaps {
  std::int64_t first, count;
};
PoolTaps pool_taps(std::int64_t start, std::int64_t size, std::int64_t kernel, std::int64_t dilation);

PoolGeometry pool_geometry(const Pool2dOptions& options, const TensorType& x);

Window pool_window(const Pool2dOptions& options);

/// kernel_shape, strides, pads, dilations, ceil_mode.
void write_pool(OnnxNode& node, const Pool2dOptions& options);
Pool2dOptions read_pool(const OnnxNode& node);

}  // namespace inlay
