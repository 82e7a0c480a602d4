#include "image/png.h"

#include <png.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstring>

#include "base/fail.h"

namespace inlay {
namespace {

constexpr std::int64_t kMaxPixels = std::int64_t{1} << 30;

// libpng leaves by longjmp, so everything with a destructor lives here, outside the function that is jumped out of.
struct Reader {
  std::string_view left;
  std::string error;
  PngPixels pixels;
  std::vector<png_bytep> rows;
  png_structp png = nullptr;
  png_infop info = nullptr;

  ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_error(png_structp png, png_const_charp message) {
  static_cast<Reader*>(png_get_error_ptr(png))->error = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep out, png_size_t count) {
  auto& reader = *static_cast<Reader*>(png_get_io_ptr(png));
  if (count > reader.left.size()) png_error(png, "the file ends too early");
  std::memcpy(out, reader.left.data(), count);
  reader.left.remove_prefix(count);
}

void set_transforms(png_structp png, png_infop info, bool expand) {
  const auto color = png_get_color_type(png, info);
  const auto depth = png_get_bit_depth(png, info);
  if (expand && color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (expand && color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (depth < 8) png_set_packing(png);
  if (depth == 16 && std::endian::native == std::endian::little) png_set_swap(png);
  if ((color & PNG_COLOR_MASK_ALPHA) != 0) png_set_strip_alpha(png);
  png_set_interlace_handling(png);
}

void keep_palette(Reader& reader) {
  png_colorp colors = nullptr;
  int count = 0;
  png_get_PLTE(reader.png, reader.info, &colors, &count);
  for (int i = 0; i < count; ++i) reader.pixels.palette.push_back({colors[i].red, colors[i].green, colors[i].blue});
}

void read_header(Reader& reader, bool expand) {
  PngPixels& out = reader.pixels;
  png_read_info(reader.png, reader.info);
  out.height = png_get_image_height(reader.png, reader.info);
  out.width = png_get_image_width(reader.png, reader.info);
  if (out.height * out.width > kMaxPixels) png_error(reader.png, "more than 2^30 pixels");
  out.indexed = !expand && png_get_color_type(reader.png, reader.info) == PNG_COLOR_TYPE_PALETTE;
  if (out.indexed) keep_palette(reader);
  set_transforms(reader.png, reader.info, expand);
  png_read_update_info(reader.png, reader.info);
  out.channels = png_get_channels(reader.png, reader.info);
  out.bits = png_get_bit_depth(reader.png, reader.info);
}

bool read_all(Reader& reader, bool expand) {
  if (setjmp(png_jmpbuf(reader.png)) != 0) return false;
  read_header(reader, expand);
  const std::size_t stride = png_get_rowbytes(reader.png, reader.info);
  reader.pixels.bytes.resize(stride * static_cast<std::size_t>(reader.pixels.height));
  for (std::size_t y = 0; y < static_cast<std::size_t>(reader.pixels.height); ++y)
    reader.rows.push_back(reader.pixels.bytes.data() + y * stride);
  png_read_image(reader.png, reader.rows.data());
  png_read_end(reader.png, nullptr);
  return true;
}

}  // namespace

bool is_png(std::string_view bytes) { return bytes.starts_with("\x89PNG\r\n\x1a\n"); }

PngPixels decode_png(std::string_view bytes, bool expand) {
  Reader reader;
  reader.left = bytes;
  reader.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning);
  if (reader.png != nullptr) reader.info = png_create_info_struct(reader.png);
  if (reader.info == nullptr) fail("libpng could not start");
  png_set_read_fn(reader.png, &reader, on_read);
  if (!read_all(reader, expand)) fail_input("the PNG is damaged ({})", reader.error);
  return std::move(reader.pixels);
}

std::string encode_index_png(const std::uint8_t* indices, std::int64_t height, std::int64_t width,
                             const std::vector<Color>& palette) {
  std::array<std::uint8_t, 768> colors{};
  for (int i = 0; i < 256; ++i)
    std::ranges::copy(i < static_cast<int>(palette.size()) ? palette[static_cast<std::size_t>(i)] : voc_color(i),
                      colors.begin() + 3 * i);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB_COLORMAP;
  image.colormap_entries = 256;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, indices, 0, colors.data()) == 0)
    fail("the mask of {}x{} pixels cannot be encoded as PNG: {}", height, width, image.message);
  bytes.resize(size);
  return bytes;
}

}  // namespace inlay
