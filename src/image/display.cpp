#include "inlay/display.h"

#include <algorithm>

namespace inlay {
namespace {

/// The values, of every so many-th pixel of a large picture, between which most lie.
struct Span {
  float low = 0.0f, high = 1.0f;
};

template <class T>
Span span_of(const T* values, std::int64_t pixels, std::int64_t channels) {
  constexpr std::int64_t kLookedAt = 1 << 16;
  std::vector<float> seen;
  for (std::int64_t i = 0; i < pixels; i += 1 + pixels / kLookedAt)
    seen.push_back(static_cast<float>(values[i * channels]));
  std::ranges::sort(seen);
  const std::size_t tail = seen.size() / 100;
  return {seen[tail], seen[seen.size() - 1 - tail]};
}

template <class T>
Image stretched(const Image& image) {
  const std::int64_t pixels = image.height() * image.width(), channels = image.channels();
  const T* from = image.pixels.data<T>().data();
  Image out{Tensor(DType::u8, {image.height(), image.width(), 3})};
  std::uint8_t* to = out.pixels.data<std::uint8_t>().data();
  for (std::int64_t c = 0; c < 3; ++c) {
    const T* channel = from + (channels < 3 ? 0 : c);
    const Span span = span_of(channel, pixels, channels);
    const float scale = span.high > span.low ? 255.0f / (span.high - span.low) : 0.0f;
    for (std::int64_t i = 0; i < pixels; ++i) {
      const float value = (static_cast<float>(channel[i * channels]) - span.low) * scale;
      to[3 * i + c] = static_cast<std::uint8_t>(std::clamp(value, 0.0f, 255.0f) + 0.5f);
    }
  }
  return out;
}

bool is_plain(const Image& image) {
  if (image.channels() != 1 && image.channels() != 3) return false;
  return image.pixels.type() == DType::u8 ||
         std::ranges::all_of(image.pixels.data<float>(), [](float v) { return v >= 0.0f && v <= 1.0f; });
}

}  // namespace

Image displayed(const Image& image) {
  if (is_plain(image)) return with_channels(as_u8(image), 3);
  return image.pixels.type() == DType::u8 ? stretched<std::uint8_t>(image) : stretched<float>(image);
}

}  // namespace inlay
