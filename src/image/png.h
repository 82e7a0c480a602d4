// PNG by libpng: OpenCV expands palettes and short grey values, and masks need them as they are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/image.h"

namespace inlay {

struct PngPixels {
  std::int64_t height = 0, width = 0, channels = 0;  // channels: 1 or 3
  int bits = 8;                                      // 8 or 16, native byte order
  bool indexed = false;                              // values are indices into palette
  std::vector<Color> palette;
  std::vector<std::uint8_t> bytes;
};

bool is_png(std::string_view bytes);

/// `expand`: palette to RGB and 1, 2, 4-bit grey to 0..255, for pictures; without: the values in the file. An alpha
/// channel is dropped. Throws InputError "<reason>", for the caller to put the file's name before it.
PngPixels decode_png(std::string_view bytes, bool expand);

/// An index PNG with 256 colours.
std::string encode_index_png(const std::uint8_t* indices, std::int64_t height, std::int64_t width,
                             const std::vector<Color>& palette);

}  // namespace inlay
