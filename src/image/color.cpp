#include <algorithm>

#include "base/fail.h"
#include "inlay/image.h"

namespace inlay {
namespace {

template <class T>
T luma(const T* rgb) {
  const float grey =
      0.299f * static_cast<float>(rgb[0]) + 0.587f * static_cast<float>(rgb[1]) + 0.114f * static_cast<float>(rgb[2]);
  if constexpr (std::is_same_v<T, float>) return grey;
  return static_cast<T>(grey + 0.5f);
}

template <class T>
Tensor converted(const Tensor& pixels, std::int64_t channels) {
  Tensor out(pixels.type(), {pixels.shape()[0], pixels.shape()[1], channels});
  const T* in = pixels.data<T>().data();
  T* to = out.data<T>().data();
  for (std::int64_t i = 0; i < pixels.shape()[0] * pixels.shape()[1]; ++i) {
    if (channels == 3)
      std::fill_n(to + 3 * i, 3, in[i]);
    else
      to[i] = luma(in + 3 * i);
  }
  return out;
}

}  // namespace

Color voc_color(int index) {
  Color color{};
  for (int bit = 7; index != 0; --bit, index >>= 3)
    for (int c = 0; c < 3; ++c)
      color[static_cast<std::size_t>(c)] |= static_cast<std::uint8_t>((index >> c & 1) << bit);
  return color;
}

Image with_channels(const Image& image, std::int64_t channels) {
  const std::int64_t have = image.channels();
  if (have == channels) return image;
  if (!(have == 1 && channels == 3) && !(have == 3 && channels == 1))
    fail_input("a picture with {} channels cannot become one with {}; grey (1) and RGB (3) can be converted", have,
               channels);
  return {image.pixels.type() == DType::u8 ? converted<std::uint8_t>(image.pixels, channels)
                                           : converted<float>(image.pixels, channels)};
}

Image as_u8(const Image& image) {
  if (image.pixels.type() == DType::u8) return image;
  Image out{Tensor(DType::u8, image.pixels.shape())};
  std::ranges::transform(image.pixels.data<float>(), out.pixels.data<std::uint8_t>().begin(),
                         [](float v) { return static_cast<std::uint8_t>(std::clamp(v, 0.0f, 1.0f) * 255.0f + 0.5f); });
  return out;
}

}  // namespace inlay
