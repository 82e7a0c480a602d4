// What the rest of the program sees of a picture file format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// What a decoder makes of a file: its values as they are stored. Alpha is left out.
struct Decoded {
  Tensor values;  // (H, W, C), C = 1 or 3, or any number in TIFF: u8, i32 where a value has 9 to 16 bits, f32 of
                  // numbers that mean themselves: floating point, with a sign, or of 32 bits
  std::int32_t white = 255;    // the value of full brightness; means nothing for f32
  std::vector<Color> palette;  // not empty: the values are indices into it, C = 1
};

struct Format {
  std::string_view name;
  std::vector<std::string_view> extensions;
  bool (*matches)(std::string_view bytes);
  /// Throws InputError "<reason>", for the caller to put the file's name before it.
  Decoded (*decode)(std::string_view bytes);
  /// `image` has 1 or 3 channels, or any number for TIFF. nullptr: pictures are not written in this format.
  std::string (*encode)(const Image& image);
};

extern const Format kPng, kJpeg, kTiff, kBmp, kPnm, kWebp, kGif;

/// To be asked before memory is allocated. Throws InputError for more than 2^20 pixels a side or 2^30 in all, and for
/// none.
void check_size(std::int64_t height, std::int64_t width);

/// 0..`white` to 0..`top`, rounded; `value` <= `white`, both below 2^16.
inline std::uint32_t spread(std::uint32_t value, std::uint32_t white, std::uint32_t top) {
  return (value * top + white / 2) / white;
}

/// Values of 0..1, clamped, as 0..65535.
std::vector<std::uint16_t> sixteen_bits(const Tensor& pixels);

}  // namespace inlay
