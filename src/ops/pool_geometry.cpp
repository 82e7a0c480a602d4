#include "ops/pool_geometry.h"

#include "ops/checks.h"
#include "ops/onnx_attributes.h"

namespace inlay {
namespace {

std::int64_t output_size(std::string_view axis, std::int64_t size, std::int64_t before, std::int64_t after,
                         std::int64_t kernel, std::int64_t stride, bool ceil_mode) {
  if (before >= kernel || after >= kernel || before < 0 || after < 0)
    fail_input("the padding {}+{} along the {} must be >= 0 and smaller than the window of {}", before, after, axis,
               kernel);
  const std::int64_t room = size + before + after - kernel;
  if (room < 0 && !(ceil_mode && size > 0))
    fail_input("the {} {} with padding {}+{} is smaller than the window of {}", axis, size, before, after, kernel);
  if (room < 0) return 1;
  std::int64_t count = (ceil_mode ? room + stride - 1 : room) / stride + 1;
  if (ceil_mode && (count - 1) * stride >= size + before) --count;
  return count;
}

}  // namespace

PoolGeometry pool_geometry(const Pool2dOptions& o, const TensorType& x) {
  expect_picture("x", x);
  if (o.kernel.h < 1 || o.kernel.w < 1) fail_input("the kernel is {}x{}, expected >= 1", o.kernel.h, o.kernel.w);
  if (o.stride.h < 0 || o.stride.w < 0) fail_input("stride is {}x{}, expected >= 0", o.stride.h, o.stride.w);
  const Size2 stride{o.stride.h == 0 ? o.kernel.h : o.stride.h, o.stride.w == 0 ? o.kernel.w : o.stride.w};
  const Padding& p = o.padding;
  return {x.shape[0],
          x.shape[1],
          x.shape[2],
          x.shape[3],
          output_size("height", x.shape[2], p.top, p.bottom, o.kernel.h, stride.h, o.ceil_mode),
          output_size("width", x.shape[3], p.left, p.right, o.kernel.w, stride.w, o.ceil_mode),
          o.kernel,
          stride,
          p};
}

Window pool_window(const Pool2dOptions& o) {
  return {static_cast<double>(o.kernel.h), static_cast<double>(o.kernel.w),
          static_cast<double>(o.stride.h == 0 ? o.kernel.h : o.stride.h),
          static_cast<double>(o.stride.w == 0 ? o.kernel.w : o.stride.w)};
}

void write_pool(OnnxNode& node, const Pool2dOptions& o) {
  node.attributes.set("kernel_shape", std::vector{o.kernel.h, o.kernel.w});
  node.attributes.set(
      "strides", std::vector{o.stride.h == 0 ? o.kernel.h : o.stride.h, o.stride.w == 0 ? o.kernel.w : o.stride.w});
  node.attributes.set("pads", std::vector{o.padding.top, o.padding.left, o.padding.bottom, o.padding.right});
  if (o.ceil_mode) node.attributes.set("ceil_mode", std::int64_t{1});
}

Pool2dOptions read_pool(const OnnxNode& node) {
  Pool2dOptions o;
  if (onnx_attribute<std::string>(node, "auto_pad", "NOTSET") != "NOTSET")
    fail_input("auto_pad is not supported, only explicit pads");
  if (onnx_attribute<Size2>(node, "dilations", 1) != Size2(1)) fail_input("dilated pooling is not supported");
  if (onnx_attribute<std::int64_t>(node, "storage_order", 0) != 0)
    fail_input("indices in column-major order are not supported");
  o.kernel = onnx_attribute<Size2>(node, "kernel_shape", 0);
  o.stride = onnx_attribute<Size2>(node, "strides", 1);
  o.padding = onnx_attribute<Padding>(node, "pads", 0);
  o.ceil_mode = onnx_attribute<std::int64_t>(node, "ceil_mode", 0) != 0;
  return o;
}

}  // namespace inlay
