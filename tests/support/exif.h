// Photographs that a camera says how to turn.
#pragma once

#include <string>

namespace inlay::testing {

/// The JPEG with an EXIF block whose first entry is the orientation, 1 to 8.
inline std::string with_orientation(std::string jpeg, char orientation, bool big_endian = false) {
  using namespace std::string_literals;
  std::string exif = "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s + orientation + "\0\0\0\0\0\0\0"s;
  if (big_endian) exif = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"s + orientation + "\0\0\0\0\0\0"s;
  return jpeg.insert(2, "\xff\xe1\0"s + static_cast<char>(exif.size() + 2) + exif);
}

}  // namespace inlay::testing
