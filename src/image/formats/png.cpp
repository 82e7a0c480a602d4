// PNG by libpng (ISO/IEC 15948).
#include "image/formats/png.h"

#include <png.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <memory>

#include "base/fail.h"
#include "image/format.h"

namespace inlay {
namespace {

// libpng leaves by longjmp, so everything with a destructor lives in a struct outside of the function jumped out of.
struct Reader {
  std::string_view left;
  std::string error;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::int64_t height = 0, width = 0, channels = 0;
  bool wide = false;  // 16 bits
  std::unique_ptr<std::uint8_t[]> samples;
  std::vector<png_bytep> rows;
  Decoded out;

  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_error(png_structp png, png_const_charp message) {
  *static_cast<std::string*>(png_get_error_ptr(png)) = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep out, png_size_t count) {
  auto& left = *static_cast<std::string_view*>(png_get_io_ptr(png));
  if (count > left.size()) png_error(png, "the file ends too early");
  std::memcpy(out, left.data(), count);
  left.remove_prefix(count);
}

// Deflate makes at most 1032 bytes of one: a file that claims more is refused before memory is allocated for it.
void check_claim(const Reader& reader, std::size_t file_bytes) {
  constexpr std::size_t kMostExpansion = 1032;
  check_size(reader.height, reader.width);
  if (png_get_rowbytes(reader.png, reader.info) * static_cast<std::size_t>(reader.height) > kMostExpansion * file_bytes)
    fail_input("the PNG is damaged (its {} bytes cannot hold the {}x{} pixels it claims)", file_bytes, reader.height,
               reader.width);
}

void keep_palette(Reader& reader) {
  png_colorp colors = nullptr;
  int count = 0;
  png_get_PLTE(reader.png, reader.info, &colors, &count);
  for (int i = 0; i < count; ++i) reader.out.palette.push_back({colors[i].red, colors[i].green, colors[i].blue});
}

void read_header(Reader& reader, std::size_t file_bytes) {
  const png_structp png = reader.png;
  png_read_info(png, reader.info);
  reader.height = png_get_image_height(png, reader.info);
  reader.width = png_get_image_width(png, reader.info);
  check_claim(reader, file_bytes);
  const int color = png_get_color_type(png, reader.info), bits = png_get_bit_depth(png, reader.info);
  if (color == PNG_COLOR_TYPE_PALETTE) keep_palette(reader);
  reader.out.white = (1 << bits) - 1;
  reader.wide = bits == 16;
  if (bits < 8) png_set_packing(png);
  if (reader.wide && std::endian::native == std::endian::little) png_set_swap(png);
  if ((color & PNG_COLOR_MASK_ALPHA) != 0) png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, reader.info);
  reader.channels = png_get_channels(png, reader.info);
}

void make_room(Reader& reader) {
  const Shape shape{reader.height, reader.width, reader.channels};
  const std::size_t stride = png_get_rowbytes(reader.png, reader.info);
  reader.out.values = Tensor(reader.wide ? DType::i32 : DType::u8, shape);
  if (reader.wide)
    reader.samples = std::make_unique_for_overwrite<std::uint8_t[]>(stride * static_cast<std::size_t>(reader.height));
  auto* first = reader.wide ? reader.samples.get() : reader.out.values.data<std::uint8_t>().data();
  for (std::int64_t y = 0; y < reader.height; ++y) reader.rows.push_back(first + static_cast<std::size_t>(y) * stride);
}

bool read_all(Reader& reader, std::size_t file_bytes) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  read_header(reader, file_bytes);
  make_room(reader);
  png_read_image(reader.png, reader.rows.data());
  png_read_end(reader.png, nullptr);
  return true;
}

Decoded decode_png(std::string_view bytes) {
  Reader reader;
  reader.left = bytes;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader.error, on_error, on_warning);
  if (reader.png != nullptr) reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) fail("libpng could not start");
  png_set_read_fn(reader.png, &reader.left, on_read);
  png_set_user_limits(reader.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // check_size() says it better
  if (!read_all(reader, bytes.size())) fail_input("the PNG is damaged ({})", reader.error);
  if (reader.wide) {
    auto values = reader.out.values.data<std::int32_t>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint16_t value = 0;
      std::memcpy(&value, reader.samples.get() + 2 * i, 2);
      values[i] = value;
    }
  }
  return std::move(reader.out);
}

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }

// Rows of samples in native byte order, and where the file goes.
struct Writer {
  std::int64_t height = 0, width = 0;
  int bits = 8, color_type = PNG_COLOR_TYPE_GRAY;
  const void* samples = nullptr;
  std::vector<png_color> palette;
  std::string file, error;
  png_structp png = nullptr;
  png_infop info = nullptr;

  ~Writer() { png_destroy_write_struct(&png, &info); }
};

void on_write(png_structp png, png_bytep bytes, png_size_t count) {
  static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(bytes), count);
}

void on_flush(png_structp) {}

bool write_all(Writer& writer) {
  if (setjmp(png_jmpbuf(writer.png)) != 0) return false;
  const png_structp png = writer.png;
  png_set_IHDR(png, writer.info, static_cast<png_uint_32>(writer.width), static_cast<png_uint_32>(writer.height),
               writer.bits, writer.color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (writer.palette.empty())
    prefer_speed(png);
  else
    png_set_PLTE(png, writer.info, writer.palette.data(), static_cast<int>(writer.palette.size()));
  png_write_info(png, writer.info);
  if (writer.bits == 16 && std::endian::native == std::endian::little) png_set_swap(png);
  const std::size_t stride = png_get_rowbytes(png, writer.info);
  for (std::int64_t y = 0; y < writer.height; ++y)
    png_write_row(png, static_cast<png_const_bytep>(writer.samples) + static_cast<std::size_t>(y) * stride);
  png_write_end(png, nullptr);
  return true;
}

std::string written(Writer& writer) {
  writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer.error, on_error, on_warning);
  if (writer.png != nullptr) writer.info = png_create_info_struct(writer.png);
  if (writer.info == nullptr) fail("libpng could not start");
  png_set_write_fn(writer.png, &writer.file, on_write, on_flush);
  png_set_user_limits(writer.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  if (!write_all(writer))
    fail("a picture of {}x{} pixels cannot be encoded as PNG ({})", writer.height, writer.width, writer.error);
  return std::move(writer.file);
}

std::string encode_png(const Image& image) {
  Writer writer{.height = image.height(), .width = image.width()};
  if (image.channels() == 3) writer.color_type = PNG_COLOR_TYPE_RGB;
  if (image.pixels.type() == DType::u8) {
    writer.samples = image.pixels.raw();
    return written(writer);
  }
  const std::vector<std::uint16_t> samples = sixteen_bits(image.pixels);
  writer.bits = 16;
  writer.samples = samples.data();
  return written(writer);
}

}  // namespace

void prefer_speed(png_structp png) {
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_set_compression_level(png, Z_BEST_SPEED);
  png_set_compression_strategy(png, Z_RLE);
}

const Format kPng{"PNG", {".png"}, is_png, decode_png, encode_png};

std::vector<Color> palette_of_256(const std::vector<Color>& palette) {
  std::vector<Color> all;
  for (int i = 0; i < 256; ++i)
    all.push_back(i < static_cast<int>(palette.size()) ? palette[static_cast<std::size_t>(i)] : voc_color(i));
  return all;
}

std::string encode_index_png(const Mask& mask, const std::vector<Color>& palette) {
  Writer writer{.height = mask.height(), .width = mask.width(), .color_type = PNG_COLOR_TYPE_PALETTE};
  writer.samples = mask.labels.raw();
  for (const Color& color : palette_of_256(palette)) writer.palette.push_back({color[0], color[1], color[2]});
  return written(writer);
}

}  // namespace inlay
