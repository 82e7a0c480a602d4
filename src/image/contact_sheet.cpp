#include <algorithm>

#include "inlay/display.h"
#include "inlay/sheet.h"

namespace inlay {
namespace {

constexpr std::int64_t kGap = 12, kScale = 2, kLetter = 6 * kScale, kLine = 10 * kScale;
constexpr Color kInk{32, 32, 32}, kFrame{190, 190, 190};

/// Fitted into a square: shrunk by means, enlarged by whole factors with sharp pixels.
Image fitted(const Image& picture, std::int64_t side) {
  const Image shown = displayed(picture);
  const std::int64_t longest = std::max(shown.height(), shown.width());
  if (longest > side)
    return resize(shown, std::max<std::int64_t>(1, shown.height() * side / longest),
                  std::max<std::int64_t>(1, shown.width() * side / longest));
  const std::int64_t factor = side / longest;
  Image out{Tensor(DType::u8, {shown.height() * factor, shown.width() * factor, 3})};
  const auto from = shown.pixels.data<std::uint8_t>();
  auto to = out.pixels.data<std::uint8_t>().begin();
  for (std::int64_t y = 0; y < out.height(); ++y)
    for (std::int64_t x = 0; x < out.width(); ++x)
      to = std::copy_n(from.begin() + 3 * (y / factor * shown.width() + x / factor), 3, to);
  return out;
}

void fill(Image& sheet, std::int64_t y, std::int64_t x, std::int64_t height, std::int64_t width, const Color& color) {
  auto to = sheet.pixels.data<std::uint8_t>();
  for (std::int64_t i = y; i < y + height; ++i)
    for (std::int64_t j = x; j < x + width; ++j) std::ranges::copy(color, to.begin() + 3 * (i * sheet.width() + j));
}

void place(Image& sheet, std::int64_t y, std::int64_t x, const Image& picture) {
  fill(sheet, y - 1, x - 1, picture.height() + 2, picture.width() + 2, kFrame);
  const auto from = picture.pixels.data<std::uint8_t>();
  auto to = sheet.pixels.data<std::uint8_t>();
  for (std::int64_t i = 0; i < picture.height(); ++i)
    std::copy_n(from.begin() + 3 * i * picture.width(), 3 * picture.width(),
                to.begin() + 3 * ((y + i) * sheet.width() + x));
}

/// Its end is what sets it apart from its neighbours.
std::string shortened(const std::string& title, std::int64_t side) {
  const auto room = static_cast<std::size_t>(side / kLetter);
  return title.size() <= room ? title : ".." + title.substr(title.size() - room + 2);
}

struct Entry {
  std::int64_t y, x;
};

/// Where the entries of a legend go, row by row; the last one says where it ends.
std::vector<Entry> legend_places(std::span<const SheetLegend> legend, std::int64_t width) {
  std::vector<Entry> places;
  std::int64_t y = 0, x = kGap;
  for (const SheetLegend& entry : legend) {
    const std::int64_t length = kLine + (std::ssize(entry.name) + 2) * kLetter;
    if (x > kGap && x + length > width) {
      y += kLine + kGap / 2;
      x = kGap;
    }
    places.push_back({y, x});
    x += length;
  }
  places.push_back({y + kLine + kGap, 0});
  return places;
}

}  // namespace

Image contact_sheet(std::span<const SheetTile> tiles, std::int64_t columns, std::span<const SheetLegend> legend,
                    std::int64_t side) {
  columns = std::clamp<std::int64_t>(columns, 1, std::max<std::int64_t>(1, std::ssize(tiles)));
  std::vector<Image> pictures;
  for (const SheetTile& tile : tiles) pictures.push_back(fitted(tile.picture, side));
  std::vector<std::int64_t> tops{kGap};  // of the rows, and of what follows; a row is as high as its highest picture
  for (std::size_t i = 0; i < pictures.size(); i += static_cast<std::size_t>(columns)) {
    std::int64_t highest = 0;
    for (std::size_t k = i; k < std::min(pictures.size(), i + static_cast<std::size_t>(columns)); ++k)
      highest = std::max(highest, pictures[k].height());
    tops.push_back(tops.back() + highest + kLine + kGap);
  }
  const std::int64_t width = columns * (side + kGap) + kGap, end = tops.back();
  const std::vector<Entry> places = legend_places(legend, width);
  Image sheet{Tensor(DType::u8, {end + (legend.empty() ? 0 : places.back().y), width, 3})};
  std::ranges::fill(sheet.pixels.data<std::uint8_t>(), std::uint8_t{255});
  for (std::int64_t i = 0; i < std::ssize(tiles); ++i) {
    const Image& picture = pictures[static_cast<std::size_t>(i)];
    const std::int64_t y = tops[static_cast<std::size_t>(i / columns)], x = kGap + i % columns * (side + kGap);
    place(sheet, y, x, picture);
    draw_text(sheet, y + picture.height() + 4, x, shortened(tiles[static_cast<std::size_t>(i)].title, side), kScale,
              kInk);
  }
  for (std::size_t i = 0; i < legend.size(); ++i) {
    const std::int64_t y = end + places[i].y, x = places[i].x;
    fill(sheet, y, x, 7 * kScale, 7 * kScale, legend[i].color);
    draw_text(sheet, y, x + kLine, legend[i].name, kScale, kInk);
  }
  return sheet;
}

}  // namespace inlay
