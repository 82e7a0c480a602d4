#include "ops/pool_geometry.h"

#include <algorithm>

#include "ops/checks.h"
#include "ops/onnx_attributes.h"

namespace inlay {
namespace {

/// One side of the windows.
struct Side {
  std::string_view axis;
  std::int64_t size, before, after, kernel, dilation, stride;
};

std::int64_t output_size(const Side& s, bool ceil_mode) {
  const std::int64_t extent = pool_extent(s.kernel, s.dilation);
  if (s.before >= extent || s.after >= extent || s.before < 0 || s.after < 0)
    fail_input("the padding {}+{} along the {} must be >= 0 and smaller than the window of {}", s.before, s.after,
               s.axis, extent);
  const std::int64_t room = s.size + s.before + s.after - extent;
  if (room < 0 && !(ceil_mode && s.size > 0))
    fail_input("the {} {} with padding {}+{} is smaller than the window of {}", s.axis, s.size, s.before, s.after,
               extent);
  std::int64_t count = 1;
  if (room >= 0) {
    count = (ceil_mode ? room + s.stride - 1 : room) / s.stride + 1;
    if (ceil_mode && (count - 1) * s.stride >= s.size + s.before) --count;
  }
  for (std::int64_t i = 0; i < count && i * s.stride < s.before; ++i)
    if (pool_taps(i * s.stride - s.before, s.size, s.kernel, s.dilation).count < 1)
      fail_input("the {} {} is smaller than the dilation of {}: a window that starts in the padding would be empty",
                 s.axis, s.size, s.dilation);
  return count;
}

}  // namespace

PoolTaps pool_taps(std::int64_t start, std::int64_t size, std::int64_t kernel, std::int64_t dilation) {
  const std::int64_t outside = start < 0 ? (-start + dilation - 1) / dilation : 0;
  const std::int64_t first = start + outside * dilation;
  return {first, std::min(kernel - outside, (size - first + dilation - 1) / dilation)};
}

PoolGeometry pool_geometry(const Pool2dOptions& o, const TensorType& x) {
  expect_picture("x", x);
  if (o.kernel.h < 1 || o.kernel.w < 1) fail_input("the kernel is {}x{}, expected >= 1", o.kernel.h, o.kernel.w);
  if (o.stride.h < 0 || o.stride.w < 0) fail_input("stride is {}x{}, expected >= 0", o.stride.h, o.stride.w);
  if (o.dilation.h < 1 || o.dilation.w < 1) fail_input("dilation is {}x{}, expected >= 1", o.dilation.h, o.dilation.w);
  const Size2 stride{o.stride.h == 0 ? o.kernel.h : o.stride.h, o.stride.w == 0 ? o.kernel.w : o.stride.w};
  const Padding& p = o.padding;
  return {x.shape[0],
          x.shape[1],
          x.shape[2],
          x.shape[3],
          output_size({"height", x.shape[2], p.top, p.bottom, o.kernel.h, o.dilation.h, stride.h}, o.ceil_mode),
          output_size({"width", x.shape[3], p.left, p.right, o.kernel.w, o.dilation.w, stride.w}, o.ceil_mode),
          o.kernel,
          stride,
          o.dilation,
          p};
}

Window pool_window(const Pool2dOptions& o) {
  return {static_cast<double>(pool_extent(o.kernel.h, o.dilation.h)),
          static_cast<double>(pool_extent(o.kernel.w, o.dilation.w)),
          static_cast<double>(o.stride.h == 0 ? o.kernel.h : o.stride.h),
          static_cast<double>(o.stride.w == 0 ? o.kernel.w : o.stride.w)};
}

void write_pool(OnnxNode& node, const Pool2dOptions& o) {
  node.attributes.set("kernel_shape", std::vector{o.kernel.h, o.kernel.w});
  node.attributes.set(
      "strides", std::vector{o.stride.h == 0 ? o.kernel.h : o.stride.h, o.stride.w == 0 ? o.kernel.w : o.stride.w});
  node.attributes.set("pads", std::vector{o.padding.top, o.padding.left, o.padding.bottom, o.padding.right});
  if (o.dilation != Size2(1)) node.attributes.set("dilations", std::vector{o.dilation.h, o.dilation.w});
  if (o.ceil_mode) node.attributes.set("ceil_mode", std::int64_t{1});
}

Pool2dOptions read_pool(const OnnxNode& node) {
  Pool2dOptions o;
  if (onnx_attribute<std::string>(node, "auto_pad", "NOTSET") != "NOTSET")
    fail_input("auto_pad is not supported, only explicit pads");
  if (onnx_attribute<std::int64_t>(node, "storage_order", 0) != 0)
    fail_input("indices in column-major order are not supported");
  o.kernel = onnx_attribute<Size2>(node, "kernel_shape", 0);
  o.stride = onnx_attribute<Size2>(node, "strides", 1);
  o.padding = onnx_attribute<Padding>(node, "pads", 0);
  o.dilation = onnx_attribute<Size2>(node, "dilations", 1);
  o.ceil_mode = onnx_attribute<std::int64_t>(node, "ceil_mode", 0) != 0;
  return o;
}

}  // namespace inlay
