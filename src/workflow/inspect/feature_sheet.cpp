#include "workflow/inspect/feature_sheet.h"

#include <algorithm>
#include <numeric>

#include "workflow/inspect/heat.h"

namespace inlay {
namespace {

constexpr std::int64_t kCell = 128, kGap = 4, kColumns = 8;
constexpr std::uint8_t kGround = 112;  // seen between the maps on light pages and on dark ones

double variance(std::span<const float> numbers) {
  const auto count = static_cast<double>(numbers.size());
  const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / count;
  double sum = 0;
  for (const float number : numbers) sum += (number - mean) * (number - mean);
  return sum / count;
}

std::span<const float> map_of(const Tensor& maps, std::int64_t channel) {
  const auto size = static_cast<std::size_t>(maps.shape()[1] * maps.shape()[2]);
  return maps.data<float>().subspan(static_cast<std::size_t>(channel) * size, size);
}

/// Every pixel `factor` times along both sides.
Image enlarged(const Image& image, std::int64_t factor) {
  Image out{Tensor(DType::u8, {image.height() * factor, image.width() * factor, image.channels()})};
  std::uint8_t* to = out.pixels.data<std::uint8_t>().data();
  const std::uint8_t* from = image.pixels.data<std::uint8_t>().data();
  for (std::int64_t y = 0; y < out.height(); ++y)
    for (std::int64_t x = 0; x < out.width(); ++x)
      to = std::copy_n(from + (y / factor * image.width() + x / factor) * image.channels(), image.channels(), to);
  return out;
}

Image cell(const Tensor& maps, std::int64_t channel) {
  const std::int64_t height = maps.shape()[1], width = maps.shape()[2], longest = std::max(height, width);
  const std::span<const float> numbers = map_of(maps, channel);
  const Image image = heat_map(numbers, height, width, heat_range(numbers));
  if (longest <= kCell) return enlarged(image, kCell / longest);
  const auto shrunk = [&](std::int64_t side) { return std::max<std::int64_t>(1, side * kCell / longest); };
  return resize(image, shrunk(height), shrunk(width));
}

void paste(Image& sheet, const Image& part, std::int64_t top, std::int64_t left) {
  const std::int64_t row = part.width() * 3;
  for (std::int64_t y = 0; y < part.height(); ++y)
    std::copy_n(part.pixels.data<std::uint8_t>().data() + y * row, row,
                sheet.pixels.data<std::uint8_t>().data() + ((top + y) * sheet.width() + left) * 3);
}

}  // namespace

std::vector<Channel> strongest_channels(const Tensor& maps, std::int64_t most) {
  std::vector<Channel> channels;
  for (std::int64_t c = 0; c < maps.shape()[0]; ++c) channels.push_back({c, variance(map_of(maps, c))});
  std::ranges::stable_sort(channels, std::greater(), &Channel::variance);
  channels.resize(std::min(channels.size(), static_cast<std::size_t>(most)));
  return channels;
}

std::int64_t sheet_columns(std::size_t channels) { return std::min(kColumns, static_cast<std::int64_t>(channels)); }

Image feature_sheet(const Tensor& maps, const std::vector<Channel>& channels) {
  const auto count = static_cast<std::int64_t>(channels.size());
  const std::int64_t columns = sheet_columns(channels.size()), rows = (count + columns - 1) / columns;
  Image sheet;
  for (std::int64_t i = 0; i < count; ++i) {
    const Image part = cell(maps, channels[static_cast<std::size_t>(i)].index);
    const std::int64_t height = part.height() + kGap, width = part.width() + kGap;
    if (i == 0) {
      sheet.pixels = Tensor(DType::u8, {rows * height - kGap, columns * width - kGap, 3});
      std::ranges::fill(sheet.pixels.data<std::uint8_t>(), kGround);
    }
    paste(sheet, part, i / columns * height, i % columns * width);
  }
  return sheet;
}

}  // namespace inlay
