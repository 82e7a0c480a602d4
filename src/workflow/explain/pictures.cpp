#include "workflow/explain/pictures.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"

namespace inlay {
namespace {

/// Sides of a picture that is written are brought near that many pixels.
constexpr std::int64_t kSide = 384;
/// A frame around each of them, of a grey that sets black and white apart.
constexpr std::int64_t kFrame = 16;
constexpr std::uint8_t kFrameGrey = 150;

/// Each pixel as a square.
Image enlarged(const Image& image) {
  const std::int64_t factor = std::max<std::int64_t>(1, kSide / std::max(image.height(), image.width()));
  Image out{Tensor(DType::u8, {image.height() * factor, image.width() * factor, 1})};
  const auto from = image.pixels.data<std::uint8_t>();
  const auto to = out.pixels.data<std::uint8_t>();
  for (std::int64_t y = 0; y < out.height(); ++y)
    for (std::int64_t x = 0; x < out.width(); ++x)
      to[static_cast<std::size_t>(y * out.width() + x)] =
          from[static_cast<std::size_t>(y / factor * image.width() + x / factor)];
  return out;
}

}  // namespace

Image grey_picture(const Grid& grid) {
  Image image{Tensor(DType::u8, {grid.rows, grid.columns, 1})};
  const double low = std::min(0.0, std::ranges::min(grid.values)), high = std::ranges::max(grid.values);
  std::ranges::transform(grid.values, image.pixels.data<std::uint8_t>().begin(), [&](double value) {
    return static_cast<std::uint8_t>(high > low ? std::lround(255 * (value - low) / (high - low)) : 0);
  });
  return image;
}

Image shrunk(const Image& image, std::int64_t longest) {
  const std::int64_t side = std::max(image.height(), image.width());
  if (side <= longest) return image;
  const auto scaled = [&](std::int64_t length) { return std::max<std::int64_t>(1, length * longest / side); };
  return as_u8(resize(image, scaled(image.height()), scaled(image.width())));
}

Image picture_of(const Explanation& explanation) {
  std::vector<Image> images;
  for (const ExplainPart& part : explanation.parts)
    for (const Grid& grid : part.grids)
      if (grid.look == Grid::Look::picture) images.push_back(enlarged(grey_picture(grid)));
  if (images.empty()) fail_input("explain {}: there is no picture to write; see --html", explanation.topic);
  std::int64_t height = 0, width = kFrame;
  for (const Image& image : images) {
    height = std::max(height, image.height() + 2 * kFrame);
    width += image.width() + kFrame;
  }
  Image sheet{Tensor(DType::u8, {height, width, 1})};
  const auto to = sheet.pixels.data<std::uint8_t>();
  std::ranges::fill(to, kFrameGrey);
  std::int64_t left = kFrame;
  for (const Image& image : images) {
    const auto from = image.pixels.data<std::uint8_t>();
    for (std::int64_t y = 0; y < image.height(); ++y)
      std::copy_n(from.begin() + y * image.width(), image.width(), to.begin() + (y + kFrame) * width + left);
    left += image.width() + kFrame;
  }
  return sheet;
}

}  // namespace inlay
