// PNG files of any colour type and depth, written byte by byte (ISO/IEC 15948), to test readers with what encoders
// rarely make.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace inlay::testing {

namespace tiny_png {

inline std::string big_endian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

inline std::uint32_t crc(const std::string& bytes) {
  std::uint32_t sum = 0xffffffffu;
  for (char byte : bytes) {
    sum ^= static_cast<std::uint8_t>(byte);
    for (int i = 0; i < 8; ++i) sum = (sum & 1) != 0 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
  }
  return ~sum;
}

inline std::string chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<std::uint32_t>(data.size())) + type + data + big_endian(crc(type + data));
}

// One stored block of deflate, so at most 65535 bytes.
inline std::string stored(const std::string& bytes) {
  std::uint32_t a = 1, b = 0;
  for (char byte : bytes) {
    a = (a + static_cast<std::uint8_t>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  const auto size = static_cast<std::uint16_t>(bytes.size());
  const auto low = [](int v) { return static_cast<char>(v & 255); };
  std::string out{'\x78', '\x01', '\x01', low(size), low(size >> 8), low(~size), low(~size >> 8)};
  return out + bytes + big_endian(b << 16 | a);
}

}  // namespace tiny_png

/// `color_type` as in the standard: 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha. `rows`: packed bytes of
/// each row.
inline std::string make_png(std::uint32_t width, int bits, int color_type, const std::vector<std::string>& rows,
                            const std::string& palette = {}) {
  using namespace tiny_png;
  std::string pixels;
  for (const std::string& row : rows) pixels += '\0' + row;
  std::string out = "\x89PNG\r\n\x1a\n";
  out += chunk("IHDR", big_endian(width) + big_endian(static_cast<std::uint32_t>(rows.size())) +
                           std::string{static_cast<char>(bits), static_cast<char>(color_type), 0, 0, 0});
  if (!palette.empty()) out += chunk("PLTE", palette);
  return out + chunk("IDAT", stored(pixels)) + chunk("IEND", "");
}

}  // namespace inlay::testing
