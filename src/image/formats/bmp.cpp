// BMP without compression: rows of pixels behind a header. Written here because stb_image, the only small library in
// Debian, takes what is missing at a file's end for zeros.
#include <array>
#include <bit>
#include <cstdlib>

#include "base/fail.h"
#include "image/format.h"

namespace inlay {
namespace {

constexpr std::uint32_t kFileHeader = 14, kCoreHeader = 12, kInfoHeader = 40;
constexpr std::uint32_t kPlain = 0, kBitFields = 3;

[[noreturn]] void fail_short() { fail_input("the BMP is damaged (the file ends too early)"); }

// Little endian.
std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t count) {
  if (at > bytes.size() || count > bytes.size() - at) fail_short();
  std::uint32_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Header {
  std::uint32_t pixels = 0, size = 0;  // where the pixels start; bytes of the header
  std::int64_t height = 0, width = 0;
  bool from_top = false;
  std::uint32_t bits = 0;                // of a pixel
  std::array<std::uint32_t, 3> masks{};  // R, G, B within a pixel of 16 bits or more
  std::vector<Color> palette;            // of a pixel of 8 bits or fewer

  std::size_t stride() const { return (static_cast<std::size_t>(width) * bits + 31) / 32 * 4; }
};

void read_size(Header& header, std::string_view bytes) {
  if (header.size == kCoreHeader) {
    header.width = number(bytes, 18, 2);
    header.height = number(bytes, 20, 2);
    header.bits = number(bytes, 24, 2);
    return;
  }
  header.width = static_cast<std::int32_t>(number(bytes, 18, 4));
  header.height = static_cast<std::int32_t>(number(bytes, 22, 4));
  header.bits = number(bytes, 28, 2);
  header.from_top = header.height < 0;
  header.height = std::abs(header.height);
}

void read_palette(Header& header, std::string_view bytes) {
  const std::uint32_t entry = header.size == kCoreHeader ? 3 : 4;
  std::uint32_t count = header.size == kCoreHeader ? 0 : number(bytes, 46, 4);
  if (count == 0 || count > 1u << header.bits) count = 1u << header.bits;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t color = number(bytes, kFileHeader + header.size + i * entry, 3);
    header.palette.push_back({static_cast<std::uint8_t>(color >> 16), static_cast<std::uint8_t>(color >> 8),
                              static_cast<std::uint8_t>(color)});
  }
}

void read_masks(Header& header, std::string_view bytes, std::uint32_t compression) {
  header.masks = header.bits == 16 ? std::array{0x7c00u, 0x3e0u, 0x1fu} : std::array{0xff0000u, 0xff00u, 0xffu};
  if (compression != kBitFields) return;
  for (std::size_t c = 0; c < 3; ++c) {
    header.masks[c] = number(bytes, kFileHeader + kInfoHeader + 4 * c, 4);
    if (header.masks[c] == 0 || header.masks[c] >> std::countr_zero(header.masks[c]) > 0xffff)
      fail_input("the BMP is damaged (the bits of a colour are given as {:#x})", header.masks[c]);
  }
}

Header read_header(std::string_view bytes) {
  Header header{.pixels = number(bytes, 10, 4), .size = number(bytes, 14, 4)};
  if (header.size != kCoreHeader && header.size < kInfoHeader)
    fail_input("the BMP is damaged (its header says that it has {} bytes)", header.size);
  read_size(header, bytes);
  check_size(header.height, header.width);
  const std::uint32_t compression = header.size == kCoreHeader ? kPlain : number(bytes, 30, 4);
  if (compression != kPlain && compression != kBitFields)
    fail_input("compressed BMP files cannot be read (compression {}); save it as PNG", compression);
  switch (header.bits) {
    case 1:
    case 2:
    case 4:
    case 8:
      read_palette(header, bytes);
      break;
    case 16:
    case 24:
    case 32:
      read_masks(header, bytes, compression);
      break;
    default:
      fail_input("the BMP is damaged (it claims {} bits a pixel)", header.bits);
  }
  const std::size_t needed = header.stride() * static_cast<std::size_t>(header.height - 1) +
                             (static_cast<std::size_t>(header.width) * header.bits + 7) / 8;
  if (header.pixels > bytes.size() || needed > bytes.size() - header.pixels) fail_short();
  return header;
}

std::string_view row_of(const Header& header, std::string_view bytes, std::int64_t y) {
  const std::int64_t line = header.from_top ? y : header.height - 1 - y;
  return bytes.substr(header.pixels + static_cast<std::size_t>(line) * header.stride());
}

Tensor read_colors(const Header& header, std::string_view bytes) {
  Tensor values(DType::u8, {header.height, header.width, 3});
  auto to = values.data<std::uint8_t>().begin();
  const std::size_t pixel = header.bits / 8;
  for (std::int64_t y = 0; y < header.height; ++y) {
    const std::string_view row = row_of(header, bytes, y);
    for (std::size_t x = 0; x < static_cast<std::size_t>(header.width); ++x) {
      const std::uint32_t value = number(row, x * pixel, pixel);
      for (const std::uint32_t mask : header.masks) {
        const int shift = std::countr_zero(mask);
        *to++ = static_cast<std::uint8_t>(spread((value & mask) >> shift, mask >> shift, 255));
      }
    }
  }
  return values;
}

Tensor read_indices(const Header& header, std::string_view bytes) {
  Tensor values(DType::u8, {header.height, header.width, 1});
  auto to = values.data<std::uint8_t>().begin();
  const unsigned in_byte = 8 / header.bits, top = (1u << header.bits) - 1;
  for (std::int64_t y = 0; y < header.height; ++y) {
    const std::string_view row = row_of(header, bytes, y);
    for (unsigned x = 0; x < static_cast<unsigned>(header.width); ++x) {
      const unsigned shift = (in_byte - 1 - x % in_byte) * header.bits;
      *to++ = static_cast<std::uint8_t>(static_cast<unsigned char>(row[x / in_byte]) >> shift & top);
    }
  }
  return values;
}

// The way in which grey pictures are stored.
bool is_grey_ramp(const std::vector<Color>& palette, std::uint32_t bits) {
  if (palette.size() != std::size_t{1} << bits) return false;
  for (std::size_t i = 0; i < palette.size(); ++i) {
    const auto grey = static_cast<std::uint8_t>(255 * i / (palette.size() - 1));
    if (palette[i] != Color{grey, grey, grey}) return false;
  }
  return true;
}

Decoded decode_bmp(std::string_view bytes) {
  Header header = read_header(bytes);
  if (header.bits > 8) return {.values = read_colors(header, bytes)};
  Decoded out{.values = read_indices(header, bytes)};
  if (is_grey_ramp(header.palette, header.bits))
    out.white = (1 << header.bits) - 1;
  else
    out.palette = std::move(header.palette);
  return out;
}

bool is_bmp(std::string_view bytes) { return bytes.starts_with("BM"); }

void append(std::string& out, std::int64_t value, int count) {
  for (; count > 0; --count, value >>= 8) out += static_cast<char>(value & 0xff);
}

std::string encode_bmp(const Image& image) {
  const Tensor pixels = as_u8(image).pixels;
  const std::int64_t channels = image.channels(), row = image.width() * channels, stride = (row + 3) / 4 * 4;
  const std::int64_t start = kFileHeader + kInfoHeader + (channels == 1 ? 4 * 256 : 0);
  std::string out = "BM";
  append(out, start + stride * image.height(), 4);
  append(out, 0, 4);
  append(out, start, 4);
  append(out, kInfoHeader, 4);
  append(out, image.width(), 4);
  append(out, image.height(), 4);
  append(out, 1, 2);
  append(out, 8 * channels, 2);
  out.resize(kFileHeader + kInfoHeader);  // the rest of the header may be 0
  if (channels == 1)
    for (std::int64_t grey = 0; grey < 256; ++grey) append(out, grey * 0x010101, 4);
  const std::uint8_t* values = pixels.data<std::uint8_t>().data();
  for (std::int64_t y = image.height(); y-- > 0;) {
    for (std::int64_t x = 0; x < row; ++x)
      out += static_cast<char>(values[y * row + (channels == 3 ? x + 2 - 2 * (x % 3) : x)]);
    out.append(static_cast<std::size_t>(stride - row), '\0');
  }
  return out;
}

}  // namespace

const Format kBmp{"BMP", {".bmp"}, is_bmp, decode_bmp, encode_bmp};

}  // namespace inlay
