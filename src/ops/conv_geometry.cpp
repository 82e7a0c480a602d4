#include "ops/conv_geometry.h"

#include "base/fail.h"
#include "ops/checks.h"

namespace inlay {

std::int64_t conv_output_size(std::string_view axis, std::int64_t size, std::int64_t before, std::int64_t after,
                              std::int64_t kernel, std::int64_t dilation, std::int64_t stride) {
  const std::int64_t extent = dilation * (kernel - 1) + 1;
  const std::int64_t room = size + before + after - extent;
  if (room < 0)
    fail_input("the {} {} with padding {}+{} is smaller than the window of {}", axis, size, before, after, extent);
  return room / stride + 1;
}

Size2 conv_output_padding(const ConvGeometry& g) {
  const auto rest = [](std::int64_t size, std::int64_t before, std::int64_t after, std::int64_t kernel,
                       std::int64_t dilation,
                       std::int64_t stride) { return (size + before + after - dilation * (kernel - 1) - 1) % stride; };
  return {rest(g.h, g.padding.top, g.padding.bottom, g.kh, g.dilation.h, g.stride.h),
          rest(g.w, g.padding.left, g.padding.right, g.kw, g.dilation.w, g.stride.w)};
}

ConvGeometry conv_geometry(const TensorType& x, const TensorType& weight, Size2 stride, Padding padding, Size2 dilation,
                           std::int64_t groups) {
  expect_picture("x", x);
  if (weight.dtype != DType::f32 || weight.shape.rank() != 4)
    fail_input("weight is {}, expected f32 with shape MxCxKHxKW", to_string(weight));
  const Shape &xs = x.shape, &ws = weight.shape;
  if (stride.h < 1 || stride.w < 1) fail_input("stride is {}x{}, expected >= 1", stride.h, stride.w);
  if (dilation.h < 1 || dilation.w < 1) fail_input("dilation is {}x{}, expected >= 1", dilation.h, dilation.w);
  if (padding.top < 0 || padding.left < 0 || padding.bottom < 0 || padding.right < 0)
    fail_input("padding is [{}, {}, {}, {}], expected >= 0", padding.top, padding.left, padding.bottom, padding.right);
  if (ws[2] < 1 || ws[3] < 1) fail_input("the kernel is {}x{}, expected >= 1", ws[2], ws[3]);
  if (groups < 1 || xs[1] % groups != 0 || ws[0] % groups != 0)
    fail_input("{} groups do not divide {} input and {} output channels", groups, xs[1], ws[0]);
  if (ws[1] != xs[1] / groups)
    fail_input("x has {} channels, the weight {} expects {}", xs[1], to_string(ws), ws[1] * groups);
  return {xs[0],
          xs[1],
          xs[2],
          xs[3],
          ws[0],
          conv_output_size("height", xs[2], padding.top, padding.bottom, ws[2], dilation.h, stride.h),
          conv_output_size("width", xs[3], padding.left, padding.right, ws[3], dilation.w, stride.w),
          ws[2],
          ws[3],
          groups,
          stride,
          dilation,
          padding};
}

}  // namespace inlay
