#include "infer/picture_input.h"

#include <array>

#include "base/threads.h"

namespace inlay {
namespace {

using Table = std::array<float, 256>;

std::vector<Table> byte_tables(const Normalisation& normalisation) {
  std::vector<Table> tables(normalisation.mean.size());
  for (std::size_t c = 0; c < tables.size(); ++c)
    for (std::size_t value = 0; value < 256; ++value)
      tables[c][value] =
          static_cast<float>((static_cast<double>(value) / 255 - normalisation.mean[c]) / normalisation.stddev[c]);
  return tables;
}

template <class Pixel, class Convert>
void fill(const Image& image, ChannelOrder order, std::int64_t height, std::int64_t width, std::span<float> planes,
          Convert convert) {
  const std::int64_t channels = image.channels(), rows = image.height(), columns = image.width();
  const Pixel* pixels = image.pixels.data<Pixel>().data();
  const auto fill_row = [&](std::int64_t y) {
    const Pixel* from = pixels + reflect_index(y, rows) * columns * channels;
    for (std::int64_t c = 0; c < channels; ++c) {
      float* to = planes.data() + (c * height + y) * width;
      const Pixel* first = from + (order == ChannelOrder::bgr ? channels - 1 - c : c);
      for (std::int64_t x = 0; x < columns; ++x) to[x] = convert(first[x * channels], static_cast<std::size_t>(c));
      for (std::int64_t x = columns; x < width; ++x) to[x] = to[reflect_index(x, columns)];
    }
  };
  parallel_ranges(
      height,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t y = begin; y < end; ++y) fill_row(y);
      },
      channels * height * width);
}

}  // namespace

void fill_planes(const Image& image, const Normalisation& normalisation, std::int64_t height, std::int64_t width,
                 std::span<float> planes) {
  if (image.pixels.type() == DType::u8) {
    const std::vector<Table> tables = byte_tables(normalisation);
    fill<std::uint8_t>(image, normalisation.order, height, width, planes,
                       [&](std::uint8_t value, std::size_t c) { return tables[c][value]; });
    return;
  }
  fill<float>(image, normalisation.order, height, width, planes, [&](float value, std::size_t c) {
    return static_cast<float>((static_cast<double>(value) - normalisation.mean[c]) / normalisation.stddev[c]);
  });
}

}  // namespace inlay
