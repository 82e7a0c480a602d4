#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "inlay/image.h"

namespace inlay {
namespace {

// Bytes of one pixel of an (H, W) or (H, W, C) tensor.
std::size_t pixel_bytes(const Tensor& tensor) {
  return size_of(tensor.type()) * static_cast<std::size_t>(tensor.shape().rank() == 3 ? tensor.shape()[2] : 1);
}

Shape with_size(const Tensor& tensor, std::int64_t height, std::int64_t width) {
  Shape shape = tensor.shape();
  shape[0] = height;
  shape[1] = width;
  return shape;
}

Tensor padded(const Tensor& in, std::int64_t height, std::int64_t width) {
  const std::int64_t old_height = in.shape()[0], old_width = in.shape()[1];
  height = std::max(height, old_height);
  width = std::max(width, old_width);
  if (height == old_height && width == old_width) return in;
  Tensor out(in.type(), with_size(in, height, width));
  const std::size_t pixel = pixel_bytes(in);
  std::byte* to = out.raw();
  for (std::int64_t y = 0; y < height; ++y, to += static_cast<std::size_t>(width) * pixel) {
    const std::byte* row = in.raw() + static_cast<std::size_t>(reflect_index(y, old_height) * old_width) * pixel;
    std::memcpy(to, row, static_cast<std::size_t>(old_width) * pixel);
    for (std::int64_t x = old_width; x < width; ++x)
      std::memcpy(to + static_cast<std::size_t>(x) * pixel,
                  row + static_cast<std::size_t>(reflect_index(x, old_width)) * pixel, pixel);
  }
  return out;
}

Tensor cropped(const Tensor& in, std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width) {
  const std::int64_t old_height = in.shape()[0], old_width = in.shape()[1];
  if (y < 0 || x < 0 || height < 1 || width < 1 || y + height > old_height || x + width > old_width)
    fail_input("the window of {}x{} pixels at x {}, y {} is not inside {}x{}", height, width, x, y, old_height,
               old_width);
  if (height == old_height && width == old_width) return in;
  Tensor out(in.type(), with_size(in, height, width));
  const std::size_t pixel = pixel_bytes(in), row = static_cast<std::size_t>(width) * pixel;
  for (std::int64_t i = 0; i < height; ++i)
    std::memcpy(out.raw() + static_cast<std::size_t>(i) * row,
                in.raw() + static_cast<std::size_t>((y + i) * old_width + x) * pixel, row);
  return out;
}

}  // namespace

std::int64_t reflect_index(std::int64_t i, std::int64_t size) {
  if (size == 1) return 0;
  const std::int64_t period = 2 * (size - 1);
  i = (i % period + period) % period;
  return i < size ? i : period - i;
}

Image pad_reflect(const Image& image, std::int64_t height, std::int64_t width) {
  return {padded(image.pixels, height, width)};
}

Mask pad_reflect(const Mask& mask, std::int64_t height, std::int64_t width) {
  return {padded(mask.labels, height, width)};
}

Image crop(const Image& image, std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width) {
  return {cropped(image.pixels, y, x, height, width)};
}

Mask crop(const Mask& mask, std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width) {
  return {cropped(mask.labels, y, x, height, width)};
}

}  // namespace inlay
