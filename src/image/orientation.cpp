#include "image/orientation.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>

namespace inlay {
namespace {

// The bytes of a TIFF header and what follows; reading outside of them gives 0.
struct Block {
  std::string_view bytes;
  bool big_endian;

  std::size_t number(std::size_t at, std::size_t count) const {
    if (at > bytes.size() || count > bytes.size() - at) return 0;
    std::size_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + (big_endian ? i : count - 1 - i)]);
    return value;
  }
};

}  // namespace

int exif_orientation(std::string_view exif) {
  constexpr std::size_t kTag = 274, kShort = 3, kEntry = 12;
  const Block block{exif, exif.starts_with("MM")};
  const std::size_t directory = block.number(4, 4), entries = block.number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t at = directory + 2 + i * kEntry;
    if (block.number(at, 2) == kTag && block.number(at + 2, 2) == kShort)
      return static_cast<int>(block.number(at + 8, 2));
  }
  return 1;
}

int jpeg_orientation(const std::filesystem::path& path) {
  // Segments of a marker, a length and the data; EXIF is among the first and has at most 64 KiB.
  constexpr std::size_t kHead = 1 << 18, kSegment = 4;
  constexpr std::string_view kExif("Exif\0\0", 6);
  std::string bytes(kHead, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  const Block block{bytes, true};
  if (block.number(0, 3) != 0xffd8ff) return 1;
  for (std::size_t at = 2; block.number(at, 1) == 0xff && block.number(at + 1, 1) != 0xda;) {
    const std::size_t length = block.number(at + 2, 2);
    const std::string_view data = std::string_view(bytes).substr(std::min(at + kSegment, bytes.size()), length);
    if (block.number(at + 1, 1) == 0xe1 && data.starts_with(kExif)) return exif_orientation(data.substr(kExif.size()));
    at += 2 + length;
  }
  return 1;
}

Tensor oriented(const Tensor& values, int orientation) {
  if (orientation < 2 || orientation > 8) return values;
  const bool swaps = orientation >= 5;
  const bool from_right = orientation == 2 || orientation == 3 || orientation >= 7;
  const bool from_bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  const std::int64_t height = values.shape()[0], width = values.shape()[1];
  Tensor out(values.type(), {swaps ? width : height, swaps ? height : width, values.shape()[2]});
  const std::size_t pixel = size_of(values.type()) * static_cast<std::size_t>(values.shape()[2]);
  std::byte* to = out.raw();
  for (std::int64_t i = 0; i < out.shape()[0]; ++i)
    for (std::int64_t j = 0; j < out.shape()[1]; ++j, to += pixel) {
      const std::int64_t y = swaps ? j : i, x = swaps ? i : j;
      const std::int64_t from = (from_bottom ? height - 1 - y : y) * width + (from_right ? width - 1 - x : x);
      std::memcpy(to, values.raw() + static_cast<std::size_t>(from) * pixel, pixel);
    }
  return out;
}

}  // namespace inlay
