#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "image/resample_row.h"
#include "inlay/image.h"

namespace inlay {
namespace {

Shape resized(const Tensor& tensor, std::int64_t height, std::int64_t width) {
  if (height < 1 || width < 1) fail_input("a size of {}x{} pixels is impossible; sides are at least 1", height, width);
  Shape shape = tensor.shape();
  shape[0] = height;
  shape[1] = width;
  return shape;
}

// The inputs that output `i` covers, each by its share.
Taps area(std::int64_t i, std::int64_t from, std::int64_t to) {
  const std::int64_t start = i * from, end = start + from;  // in units of 1/to of an input
  Taps taps{start / to, {}};
  for (std::int64_t j = taps.first; j * to < end; ++j)
    taps.weights.push_back(static_cast<float>(std::min(end, (j + 1) * to) - std::max(start, j * to)) /
                           static_cast<float>(from));
  return taps;
}

// The two inputs beside the centre of output `i`; at the edges the same one twice.
Taps linear(std::int64_t i, std::int64_t from, std::int64_t to) {
  const double at =
      std::clamp((static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5, 0.0,
                 static_cast<double>(from - 1));
  const auto first = std::min(static_cast<std::int64_t>(at), std::max<std::int64_t>(0, from - 2));
  const auto share = static_cast<float>(at - static_cast<double>(first));
  return from == 1 ? Taps{0, {1.0f}} : Taps{first, {1.0f - share, share}};
}

// Down the columns into a row of floats, then along it.
template <class T>
void resample(const Tensor& in, Tensor& out) {
  const std::int64_t channels = in.shape()[2], row = in.shape()[1] * channels;
  const std::vector<Taps> down = taps_of(in.shape()[0], out.shape()[0]), along = taps_of(in.shape()[1], out.shape()[1]);
  std::vector<float> sums(static_cast<std::size_t>(row));
  T* to = out.data<T>().data();
  for (const Taps& y : down) {
    resample_row(in.data<T>().data() + y.first * row, y, along, channels, sums, to);
    to += out.shape()[1] * channels;
  }
}

}  // namespace

std::vector<Taps> taps_of(std::int64_t from, std::int64_t to) {
  std::vector<Taps> taps;
  for (std::int64_t i = 0; i < to; ++i) taps.push_back(to < from ? area(i, from, to) : linear(i, from, to));
  return taps;
}

Image resize(const Image& image, std::int64_t height, std::int64_t width) {
  Image out{Tensor(image.pixels.type(), resized(image.pixels, height, width))};
  image.pixels.type() == DType::u8 ? resample<std::uint8_t>(image.pixels, out.pixels)
                                   : resample<float>(image.pixels, out.pixels);
  return out;
}

Mask resize(const Mask& mask, std::int64_t height, std::int64_t width) {
  Mask out{Tensor(DType::u8, resized(mask.labels, height, width))};
  auto in = mask.labels.data<std::uint8_t>();
  auto to = out.labels.data<std::uint8_t>().begin();
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const std::int64_t from_y = (2 * y + 1) * mask.height() / (2 * height),
                         from_x = (2 * x + 1) * mask.width() / (2 * width);
      *to++ = in[static_cast<std::size_t>(from_y * mask.width() + from_x)];
    }
  return out;
}

}  // namespace inlay
