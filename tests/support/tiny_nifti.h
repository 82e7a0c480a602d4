// NIfTI files of any type, order and version, written byte by byte, and gzip around them.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "support/tiny_png.h"

namespace inlay::testing {

struct NiftiLayout {
  std::vector<std::int64_t> sides;  // width, height, slices, ...
  int type = 2;                     // of nifti1.h
  double slope = 0.0, intercept = 0.0;
  bool swapped = false;  // the other byte order
  int version = 1;
  double offset = 0.0;  // of the values; 0: behind the header and its four bytes for extensions
};

namespace tiny_nifti {

template <class T>
std::string bytes_of(T value, bool swapped) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  if (swapped) std::ranges::reverse(bytes);
  return bytes;
}

template <class Count, class Offset, class Real>
std::string header(const NiftiLayout& layout, std::size_t size, std::size_t sides, std::size_t type, std::size_t offset,
                   std::size_t scaling) {
  std::string out(size + 4, '\0');
  const auto put = [&](std::size_t place, auto value) {
    const std::string bytes = bytes_of(value, layout.swapped);
    out.replace(place, bytes.size(), bytes);
  };
  put(0, static_cast<std::int32_t>(size));
  put(sides, static_cast<Count>(layout.sides.size()));
  for (std::size_t i = 0; i < layout.sides.size(); ++i)
    put(sides + (i + 1) * sizeof(Count), static_cast<Count>(layout.sides[i]));
  put(type, static_cast<std::int16_t>(layout.type));
  put(offset, static_cast<Offset>(layout.offset != 0.0 ? layout.offset : static_cast<double>(out.size())));
  put(scaling, static_cast<Real>(layout.slope));
  put(scaling + sizeof(Real), static_cast<Real>(layout.intercept));
  return out;
}

}  // namespace tiny_nifti

/// Of the values given, which the caller chooses of the layout's type.
template <class T>
std::string make_nifti(const NiftiLayout& layout, const std::vector<T>& values) {
  using namespace std::string_literals;
  std::string out;
  if (layout.version == 1) {
    out = tiny_nifti::header<std::int16_t, float, float>(layout, 348, 40, 70, 108, 112);
    out.replace(344, 4, "n+1\0"s);
  } else {
    out = tiny_nifti::header<std::int64_t, std::int64_t, double>(layout, 540, 16, 12, 168, 176);
    out.replace(4, 8, "n+2\0\r\n\x1a\n"s);
  }
  for (const T value : values) out += tiny_nifti::bytes_of(value, layout.swapped);
  return out;
}

/// As gzip -0 would: up to 65535 bytes.
inline std::string gzip(const std::string& bytes) {
  using namespace std::string_literals;
  const std::string stored = tiny_png::stored(bytes);  // two bytes of zlib's before, four behind
  std::string out = "\x1f\x8b\x08\0\0\0\0\0\0\x03"s + stored.substr(2, stored.size() - 6);
  for (const std::uint32_t number : {tiny_png::crc(bytes), static_cast<std::uint32_t>(bytes.size())})
    out += tiny_nifti::bytes_of(number, false);
  return out;
}

}  // namespace inlay::testing
