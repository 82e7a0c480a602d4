// PNG written while its rows come.
#include <png.h>
#include <zlib.h>

#include <bit>
#include <cerrno>
#include <csetjmp>

#include "base/fail.h"
#include "base/new_file.h"
#include "image/format.h"
#include "image/formats/png.h"
#include "inlay/picture_stream.h"

namespace inlay {
namespace {

struct PngLayout {
  std::int64_t height = 0, width = 0;
  int bits = 8, color = PNG_COLOR_TYPE_GRAY;
  std::vector<png_color> palette;
};

void on_error(png_structp png, png_const_charp message) {
  *static_cast<std::string*>(png_get_error_ptr(png)) = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}
void on_flush(png_structp) {}

void on_write(png_structp png, png_bytep bytes, png_size_t count) {
  const int descriptor = static_cast<NewFile*>(png_get_io_ptr(png))->descriptor();
  if (!write_all(descriptor, {reinterpret_cast<const char*>(bytes), count})) png_error(png, "");
}

/// libpng leaves by longjmp: the functions that are jumped out of hold nothing that has a destructor.
class PngRowsOut : public PictureWriter {
 public:
  PngRowsOut(const std::filesystem::path& path, PngLayout layout)
      : path_(path), file_(path), layout_(std::move(layout)) {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error_, on_error, on_warning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) fail("libpng could not start");
    if (!start()) fail_here();
  }
  ~PngRowsOut() override { png_destroy_write_struct(&png_, &info_); }
  PngRowsOut(const PngRowsOut&) = delete;
  PngRowsOut& operator=(const PngRowsOut&) = delete;

  void write(const Tensor& rows) override {
    if (rows.type() != DType::f32) return put(rows.raw(), rows.shape()[0]);
    const std::vector<std::uint16_t> samples = sixteen_bits(rows);
    put(reinterpret_cast<const std::byte*>(samples.data()), rows.shape()[0]);
  }

  void close() override {
    if (!end()) fail_here();
    file_.commit();
  }

 private:
  bool start() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_write_fn(png_, &file_, on_write, on_flush);
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(layout_.width), static_cast<png_uint_32>(layout_.height),
                 layout_.bits, layout_.color, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    if (layout_.palette.empty())
      prefer_speed(png_);
    else
      png_set_PLTE(png_, info_, layout_.palette.data(), static_cast<int>(layout_.palette.size()));
    png_write_info(png_, info_);
    if (layout_.bits == 16 && std::endian::native == std::endian::little) png_set_swap(png_);
    return true;
  }

  void put(const std::byte* samples, std::int64_t rows) {
    const std::size_t stride = png_get_rowbytes(png_, info_);
    for (std::int64_t y = 0; y < rows; ++y, samples += stride)
      if (!put_row(reinterpret_cast<png_const_bytep>(samples))) fail_here();
  }

  bool put_row(png_const_bytep row) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_write_row(png_, row);
    return true;
  }

  bool end() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_write_end(png_, nullptr);
    return true;
  }

  [[noreturn]] void fail_here() const {
    if (error_.empty()) file_.fail_write();
    fail("'{}' of {}x{} pixels cannot be encoded as PNG ({})", path_.string(), layout_.height, layout_.width, error_);
  }

  std::filesystem::path path_;
  NewFile file_;
  PngLayout layout_;
  std::string error_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

std::unique_ptr<PictureWriter> create_mask_png(const std::filesystem::path& path, std::int64_t height,
                                               std::int64_t width, const std::vector<Color>& palette) {
  PngLayout layout{.height = height, .width = width, .color = PNG_COLOR_TYPE_PALETTE};
  for (const Color& color : palette_of_256(palette)) layout.palette.push_back({color[0], color[1], color[2]});
  return std::make_unique<PngRowsOut>(path, std::move(layout));
}

std::unique_ptr<PictureWriter> create_png(const std::filesystem::path& path, const PictureFacts& facts) {
  if (facts.channels != 1 && facts.channels != 3)
    fail_input("a picture file has 1 or 3 channels, this picture has {}", facts.channels);
  PngLayout layout{.height = facts.height, .width = facts.width, .bits = facts.type == DType::f32 ? 16 : 8};
  if (facts.channels == 3) layout.color = PNG_COLOR_TYPE_RGB;
  return std::make_unique<PngRowsOut>(path, std::move(layout));
}

}  // namespace inlay
