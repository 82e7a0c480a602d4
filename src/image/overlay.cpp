#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "inlay/image.h"

namespace inlay {
namespace {

constexpr Color kBlack{0, 0, 0};

// True when a pixel within `reach` of (y, x) along rows and columns has another label that is drawn or hides this one.
bool at_border(const Mask& mask, std::int64_t y, std::int64_t x, std::int64_t reach) {
  auto labels = mask.labels.data<std::uint8_t>();
  const auto at = [&](std::int64_t i, std::int64_t j) {
    i = std::clamp<std::int64_t>(i, 0, mask.height() - 1);
    j = std::clamp<std::int64_t>(j, 0, mask.width() - 1);
    return labels[static_cast<std::size_t>(i * mask.width() + j)];
  };
  const std::uint8_t own = at(y, x);
  for (std::int64_t d = 1; d <= reach; ++d)
    if (at(y - d, x) != own || at(y + d, x) != own || at(y, x - d) != own || at(y, x + d) != own) return true;
  return false;
}

std::uint8_t blend(std::uint8_t under, std::uint8_t over, float alpha) {
  return static_cast<std::uint8_t>(
      std::lround(static_cast<float>(under) * (1.0f - alpha) + static_cast<float>(over) * alpha));
}

}  // namespace

Image overlay(const Image& image, const Mask& mask, const std::vector<Color>& palette, float alpha) {
  if (image.height() != mask.height() || image.width() != mask.width())
    fail_input("the picture has {}x{} pixels and the mask {}x{}; they must be of one size", image.height(),
               image.width(), mask.height(), mask.width());
  Image out = with_channels(as_u8(image), 3);
  out.pixels = out.pixels.clone();
  auto pixels = out.pixels.data<std::uint8_t>();
  auto labels = mask.labels.data<std::uint8_t>();
  // One pixel up to 512, then in proportion, so that borders stay visible when a large picture is shown small.
  const std::int64_t reach = std::max<std::int64_t>(1, std::max(mask.height(), mask.width()) / 512);
  for (std::int64_t y = 0; y < mask.height(); ++y)
    for (std::int64_t x = 0; x < mask.width(); ++x) {
      const auto at = static_cast<std::size_t>(y * mask.width() + x);
      const std::uint8_t label = labels[at];
      const Color color = label < palette.size() ? palette[label] : voc_color(label);
      if (label == kIgnore || color == kBlack) continue;
      const float share = at_border(mask, y, x, reach) ? 1.0f : alpha;
      for (std::size_t c = 0; c < 3; ++c) pixels[3 * at + c] = blend(pixels[3 * at + c], color[c], share);
    }
  return out;
}

}  // namespace inlay
