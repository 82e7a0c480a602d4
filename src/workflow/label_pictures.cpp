#include "workflow/label_pictures.h"

#include <algorithm>

#include "inlay/display.h"

namespace inlay {
namespace {

Color color_of(std::uint8_t label, const ClassTable& classes) {
  if (label == kIgnore) return {128, 128, 128};
  return label < classes.colors.size() ? classes.colors[label] : voc_color(label);
}

/// A picture (H, W, 3) made pixel by pixel.
template <class ColorAt>
Image paint(const Mask& mask, ColorAt&& color_at) {
  Image image{Tensor(DType::u8, {mask.height(), mask.width(), 3})};
  auto out = image.pixels.data<std::uint8_t>();
  for (std::size_t i = 0; i < out.size() / 3; ++i)
    std::ranges::copy(color_at(i), out.begin() + static_cast<std::ptrdiff_t>(3 * i));
  return image;
}

/// In three channels, and paler.
Image pale(const Image& picture) {
  Image result{displayed(picture).pixels.clone()};
  for (std::uint8_t& value : result.pixels.data<std::uint8_t>())
    value = static_cast<std::uint8_t>(160 + value * 80 / 255);
  return result;
}

constexpr Color kVoid{128, 128, 128}, kWrong{224, 48, 48};

}  // namespace

Image colored(const Mask& mask, const ClassTable& classes) {
  const auto labels = mask.labels.data<std::uint8_t>();
  return paint(mask, [&](std::size_t i) { return color_of(labels[i], classes); });
}

Image errors(const Image& picture, const Mask& truth, const Mask& prediction) {
  const Image ground = pale(picture);
  const auto pixels = ground.pixels.data<std::uint8_t>();
  const auto want = truth.labels.data<std::uint8_t>(), got = prediction.labels.data<std::uint8_t>();
  return paint(truth, [&](std::size_t i) -> Color {
    if (want[i] == kIgnore) return kVoid;
    if (want[i] != got[i]) return kWrong;
    return {pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]};
  });
}

Image disagreement(const Image& picture, const Mask& truth, const Mask& first, const Mask& second) {
  const Image ground = pale(picture);
  const auto pixels = ground.pixels.data<std::uint8_t>();
  const auto want = truth.labels.data<std::uint8_t>(), a = first.labels.data<std::uint8_t>(),
             b = second.labels.data<std::uint8_t>();
  return paint(truth, [&](std::size_t i) -> Color {
    if (want[i] == kIgnore) return kVoid;
    if (a[i] == want[i] && b[i] != want[i]) return kFirstAlone;
    if (a[i] != want[i] && b[i] == want[i]) return kSecondAlone;
    return {pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]};
  });
}

}  // namespace inlay
