#include <algorithm>
#include <cmath>

#include "base/fail.h"
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

// What one output position sums up: weights of the inputs from `first` on.
struct Taps {
  std::int64_t first;
  std::vector<float> weights;
};

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

std::vector<Taps> taps_of(std::int64_t from, std::int64_t to) {
  std::vector<Taps> taps;
  for (std::int64_t i = 0; i < to; ++i) taps.push_back(to < from ? area(i, from, to) : linear(i, from, to));
  return taps;
}

template <class T>
T rounded(float value) {
  return static_cast<T>(std::is_same_v<T, float> ? value : value + 0.5f);
}

// Down the columns into a row of floats, then along it.
template <class T>
void resample(const Tensor& in, Tensor& out) {
  const std::int64_t channels = in.shape()[2], row = in.shape()[1] * channels;
  const std::vector<Taps> down = taps_of(in.shape()[0], out.shape()[0]), along = taps_of(in.shape()[1], out.shape()[1]);
  const T* from = in.data<T>().data();
  T* to = out.data<T>().data();
  std::vector<float> sums(static_cast<std::size_t>(row));
  for (const Taps& y : down) {
    std::ranges::fill(sums, 0.0f);
    for (std::size_t k = 0; k < y.weights.size(); ++k) {
      const T* line = from + (y.first + static_cast<std::int64_t>(k)) * row;
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += y.weights[k] * static_cast<float>(line[i]);
    }
    for (const Taps& x : along)
      for (std::int64_t c = 0; c < channels; ++c) {
        const float* at = sums.data() + x.first * channels + c;
        float sum = 0.0f;
        for (std::size_t k = 0; k < x.weights.size(); ++k, at += channels) sum += x.weights[k] * *at;
        *to++ = rounded<T>(sum);
      }
  }
}

}  // namespace

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
