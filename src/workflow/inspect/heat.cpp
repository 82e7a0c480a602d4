#include "workflow/inspect/heat.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <vector>

namespace inlay {
namespace {

double mix(double from, double to, double share) { return from + (to - from) * share; }

std::uint8_t as_byte(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))); }

}  // namespace

Color heat_color(double value) {
  constexpr std::array<std::array<double, 3>, 5> kStops{
      {{0, 0, 4}, {87, 16, 110}, {188, 55, 84}, {249, 142, 9}, {252, 255, 164}}};
  const double at = std::clamp(value, 0.0, 1.0) * (kStops.size() - 1);
  const auto stop = std::min(static_cast<std::size_t>(at), kStops.size() - 2);
  Color color{};
  for (std::size_t c = 0; c < 3; ++c)
    color[c] = as_byte(mix(kStops[stop][c], kStops[stop + 1][c], at - static_cast<double>(stop)));
  return color;
}

HeatRange heat_range(std::span<const float> numbers) {
  std::vector<float> sorted;
  std::ranges::copy_if(numbers, std::back_inserter(sorted), [](float number) { return std::isfinite(number); });
  if (sorted.empty()) return {};
  const auto spare = static_cast<std::ptrdiff_t>(sorted.size() / 200);
  std::ranges::nth_element(sorted, sorted.begin() + spare);
  const float low = sorted[static_cast<std::size_t>(spare)];
  std::ranges::nth_element(sorted, sorted.end() - 1 - spare);
  return {low, *(sorted.end() - 1 - spare)};
}

Image heat_map(std::span<const float> numbers, std::int64_t height, std::int64_t width, const HeatRange& range) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  std::uint8_t* to = image.pixels.data<std::uint8_t>().data();
  const double scale = range.high != range.low ? 1 / (static_cast<double>(range.high) - range.low) : 0;
  for (const float number : numbers) {
    const double value = std::isfinite(number) ? (static_cast<double>(number) - range.low) * scale : 0;
    to = std::ranges::copy(heat_color(value), to).out;
  }
  return image;
}

Image class_heat(const Image& picture, std::span<const float> strength, const Color& color) {
  constexpr Color kBlack{0, 0, 0}, kLight{225, 225, 225};
  const Color& shown = color == kBlack ? kLight : color;
  const Image grey = as_u8(with_channels(picture, 1));
  const auto pixels = grey.pixels.data<std::uint8_t>();
  Image image{Tensor(DType::u8, {picture.height(), picture.width(), 3})};
  const auto to = image.pixels.data<std::uint8_t>();
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const double value = std::clamp(static_cast<double>(strength[i]), -1.0, 1.0), light = pixels[i];
    for (std::size_t c = 0; c < 3; ++c) {
      const double dark = 0.4 * light, bright = shown[c] * (0.65 + 0.35 * light / 255);
      to[3 * i + c] = as_byte(value > 0 ? mix(dark, bright, value) : dark * (1 + value));
    }
  }
  return image;
}

}  // namespace inlay
