#include "workflow/tile_sheet.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/base64.h"
#include "workflow/report/parts.h"

namespace inlay::workflow {
namespace {

constexpr int kColumns = 3, kSide = 240, kGap = 20, kText = 48;

std::string drawn(const Tile& tile, int left, int top) {
  const std::string png = base64(encode_image(as_u8(tile.image), ".png"));
  return fmt::format(R"(<image x="{}" y="{}" width="{}" height="{}" href="data:image/png;base64,{}"/>)"
                     R"(<text x="{}" y="{}" font-weight="600">{}</text><text x="{}" y="{}" fill="#666">{}</text>)",
                     left, top, kSide, kSide, png, left, top + kSide + 18, escape_html(tile.title), left,
                     top + kSide + 35, escape_html(tile.subtitle));
}

}  // namespace

std::string tile_sheet(std::span<const Tile> tiles) {
  const int rows = (static_cast<int>(tiles.size()) + kColumns - 1) / kColumns;
  const int width = kColumns * (kSide + kGap) + kGap, height = rows * (kSide + kText) + kGap;
  std::string svg =
      fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}">)"
                  R"(<style>image{{image-rendering:pixelated}}text{{font:13px system-ui,sans-serif}}</style>)"
                  R"(<rect width="{0}" height="{1}" fill="#fff"/>)",
                  width, height);
  for (int i = 0; i < static_cast<int>(tiles.size()); ++i)
    svg += drawn(tiles[static_cast<std::size_t>(i)], kGap + i % kColumns * (kSide + kGap),
                 kGap + i / kColumns * (kSide + kText));
  return svg + "</svg>\n";
}

Image grey_tile(std::span<const float> plane, std::int64_t height, std::int64_t width) {
  std::vector<float> sorted(plane.begin(), plane.end());
  std::ranges::sort(sorted);
  const std::size_t tail = sorted.size() / 100;
  const float low = sorted[tail], range = sorted[sorted.size() - 1 - tail] - low;
  Image image{Tensor(DType::u8, {height, width, 1})};
  std::ranges::transform(plane, image.pixels.data<std::uint8_t>().begin(), [&](float value) {
    return static_cast<std::uint8_t>(range > 0 ? 255 * std::clamp((value - low) / range, 0.0F, 1.0F) : 128);
  });
  return image;
}

}  // namespace inlay::workflow
