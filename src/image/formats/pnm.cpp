// Netpbm's PBM, PGM and PPM, as text or binary: a header and the values. No library in Debian reads them from memory
// without ending the program on an error.
#include <algorithm>
#include <cctype>

#include "base/fail.h"
#include "image/format.h"

namespace inlay {
namespace {

constexpr std::uint32_t kSixteen = 65535;

// The numbers of a header, or of a file of text: white space between them, comments from # to the end of a line.
class Text {
 public:
  explicit Text(std::string_view bytes) : left_(bytes) {}

  std::uint32_t number() {
    skip();
    if (left_.empty()) fail_input("the PNM is damaged (the file ends too early)");
    std::uint32_t value = 0;
    if (!is_digit()) fail_input("the PNM is damaged (a number was expected, not byte {:#04x})", byte());
    for (; is_digit(); left_.remove_prefix(1))
      if ((value = value * 10 + static_cast<std::uint32_t>(left_.front() - '0')) > (1u << 28))
        fail_input("the PNM is damaged (a number is too large)");
    return value;
  }

  // Of a bitmap, where nothing needs to stand between two.
  std::uint32_t digit() {
    skip();
    if (left_.empty()) fail_input("the PNM is damaged (the file ends too early)");
    const char digit = left_.front();
    if (digit != '0' && digit != '1') fail_input("the PNM is damaged (0 or 1 was expected, not byte {:#04x})", byte());
    left_.remove_prefix(1);
    return static_cast<std::uint32_t>(digit - '0');
  }

  std::string_view left() const { return left_; }

 private:
  unsigned byte() const { return static_cast<unsigned char>(left_.front()); }
  bool is_digit() const { return !left_.empty() && left_.front() >= '0' && left_.front() <= '9'; }

  void skip() {
    while (!left_.empty() && (std::isspace(static_cast<unsigned char>(left_.front())) != 0 || left_.front() == '#'))
      left_.remove_prefix(left_.front() == '#' ? std::min(left_.find('\n'), left_.size()) : 1);
  }

  std::string_view left_;
};

struct Header {
  bool is_text, is_bitmap;
  std::int64_t height, width, channels;
  std::uint32_t white;

  std::size_t row() const { return static_cast<std::size_t>(width * channels); }
  std::size_t binary_row() const { return is_bitmap ? (row() + 7) / 8 : white > 255 ? 2 * row() : row(); }
};

Header read_header(Text& text, char kind) {
  Header header{.is_text = kind <= '3', .is_bitmap = kind == '1' || kind == '4'};
  header.channels = kind == '3' || kind == '6' ? 3 : 1;
  header.width = text.number();
  header.height = text.number();
  header.white = header.is_bitmap ? 1 : text.number();
  if (header.white < 1 || header.white > kSixteen)
    fail_input("the PNM is damaged (its largest value is {}, expected 1 to {})", header.white, kSixteen);
  check_size(header.height, header.width);
  return header;
}

// 1 is black in a bitmap.
std::uint32_t value_at(const Header& header, std::string_view row, std::size_t i) {
  const auto byte = [&](std::size_t at) { return std::uint32_t{static_cast<unsigned char>(row[at])}; };
  if (header.is_bitmap) return 1 - (byte(i / 8) >> (7 - i % 8) & 1);
  return header.white > 255 ? byte(2 * i) << 8 | byte(2 * i + 1) : byte(i);
}

std::uint32_t checked(const Header& header, std::uint32_t value) {
  if (value > header.white)
    fail_input("the PNM is damaged (it holds {}, and its largest value is said to be {})", value, header.white);
  return value;
}

template <class T>
void read_values(const Header& header, Text text, Tensor& values) {
  auto to = values.data<T>().begin();
  if (header.is_text) {
    for (; to != values.data<T>().end(); ++to)
      *to = static_cast<T>(header.is_bitmap ? 1 - text.digit() : checked(header, text.number()));
    return;
  }
  std::string_view rows = text.left().substr(1);
  for (; to != values.data<T>().end(); rows.remove_prefix(header.binary_row()))
    for (std::size_t i = 0; i < header.row(); ++i) *to++ = static_cast<T>(checked(header, value_at(header, rows, i)));
}

Decoded decode_pnm(std::string_view bytes) {
  Text text(bytes.substr(2));
  const Header header = read_header(text, bytes[1]);
  const std::size_t least = header.is_text ? static_cast<std::size_t>(header.height) * header.row()
                                           : static_cast<std::size_t>(header.height) * header.binary_row() + 1;
  if (text.left().size() < least)
    fail_input("the PNM is damaged ({}x{} pixels need {} bytes or more, {} are left)", header.height, header.width,
               least, text.left().size());
  const DType type = header.white > 255 ? DType::i32 : DType::u8;
  Decoded out{.values = Tensor(type, {header.height, header.width, header.channels})};
  out.white = static_cast<std::int32_t>(header.white);
  type == DType::u8 ? read_values<std::uint8_t>(header, text, out.values)
                    : read_values<std::int32_t>(header, text, out.values);
  return out;
}

bool is_pnm(std::string_view bytes) {
  return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
         (std::isspace(static_cast<unsigned char>(bytes[2])) != 0 || bytes[2] == '#');
}

std::string encode_pnm(const Image& image) {
  const Tensor pixels = as_u8(image).pixels;
  std::string out = fmt::format("P{}\n{} {}\n255\n", image.channels() == 1 ? 5 : 6, image.width(), image.height());
  return out.append(reinterpret_cast<const char*>(pixels.raw()), pixels.bytes());
}

}  // namespace

const Format kPnm{"PNM", {".pnm", ".ppm", ".pgm", ".pbm"}, is_pnm, decode_pnm, encode_pnm};

}  // namespace inlay
