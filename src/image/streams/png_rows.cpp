// PNG by libpng, a row at a time (ISO/IEC 15948).
#include <png.h>

#include <algorithm>
#include <bit>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include "base/fail.h"
#include "image/formats.h"
#include "image/streams/streams.h"

namespace inlay {
namespace {

/// libpng leaves by longjmp: what has a destructor lives here, outside of the functions jumped out of.
struct PngFile {
  std::FILE* file = nullptr;
  std::string error;
  png_structp png = nullptr;
  png_infop info = nullptr;

  PngFile() = default;
  PngFile(const PngFile&) = delete;
  PngFile& operator=(const PngFile&) = delete;
  ~PngFile() {
    png_destroy_read_struct(&png, &info, nullptr);
    if (file != nullptr) std::fclose(file);
  }
};

void on_error(png_structp png, png_const_charp message) {
  *static_cast<std::string*>(png_get_error_ptr(png)) = message;
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

bool read_header(PngFile& in) {
  if (setjmp(png_jmpbuf(in.png)) != 0) return false;
  png_init_io(in.png, in.file);
  png_set_user_limits(in.png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // check_rows() says it better
  png_read_info(in.png, in.info);
  return true;
}

bool set_up(PngFile& in) {
  if (setjmp(png_jmpbuf(in.png)) != 0) return false;
  const int color = png_get_color_type(in.png, in.info), bits = png_get_bit_depth(in.png, in.info);
  if (bits < 8) png_set_packing(in.png);
  if (bits == 16 && std::endian::native == std::endian::little) png_set_swap(in.png);
  if ((color & PNG_COLOR_MASK_ALPHA) != 0) png_set_strip_alpha(in.png);
  png_read_update_info(in.png, in.info);
  return true;
}

bool read_row(PngFile& in, std::uint8_t* to) {
  if (setjmp(png_jmpbuf(in.png)) != 0) return false;
  png_read_row(in.png, to, nullptr);
  return true;
}

/// Checks the sums behind the last row.
bool read_end(PngFile& in) {
  if (setjmp(png_jmpbuf(in.png)) != 0) return false;
  png_read_end(in.png, nullptr);
  return true;
}

class PngRows : public PictureReader {
 public:
  explicit PngRows(std::unique_ptr<PngFile> file) : in_(std::move(file)) {
    bits_ = png_get_bit_depth(in_->png, in_->info);
    facts_.height = png_get_image_height(in_->png, in_->info);
    facts_.width = png_get_image_width(in_->png, in_->info);
    check_rows(facts_.height, facts_.width, 8);
    if (png_get_color_type(in_->png, in_->info) == PNG_COLOR_TYPE_PALETTE) keep_palette();
    if (!set_up(*in_)) fail_damaged();
    stored_channels_ = png_get_channels(in_->png, in_->info);
    facts_.channels = palette_.empty() ? stored_channels_ : 3;
    facts_.type = bits_ == 16 ? DType::f32 : DType::u8;
    row_.resize(png_get_rowbytes(in_->png, in_->info));
    facts_.held_bytes = static_cast<std::int64_t>(row_.size());
  }

  Tensor read(std::int64_t rows) override {
    Decoded part;
    rows = std::min(rows, facts_.height - next_);
    part.values = Tensor(bits_ == 16 ? DType::i32 : DType::u8, {rows, facts_.width, stored_channels_});
    part.palette = palette_;
    part.white = (1 << bits_) - 1;
    const std::size_t count = static_cast<std::size_t>(facts_.width * stored_channels_);
    for (std::size_t y = 0; y < static_cast<std::size_t>(rows); ++y) {
      if (!read_row(*in_, row_.data())) fail_damaged();
      if (bits_ != 16) {
        std::memcpy(part.values.raw() + y * count, row_.data(), count);
        continue;
      }
      std::int32_t* to = part.values.data<std::int32_t>().data() + y * count;
      for (std::size_t i = 0; i < count; ++i) {
        std::uint16_t value = 0;
        std::memcpy(&value, row_.data() + 2 * i, 2);
        to[i] = value;
      }
    }
    next_ += rows;
    if (next_ == facts_.height && !read_end(*in_)) fail_damaged();
    return shown(std::move(part));
  }

 private:
  [[noreturn]] void fail_damaged() const { fail_input("the PNG is damaged ({})", in_->error); }

  void keep_palette() {
    png_colorp colors = nullptr;
    int count = 0;
    png_get_PLTE(in_->png, in_->info, &colors, &count);
    for (int i = 0; i < count; ++i) palette_.push_back({colors[i].red, colors[i].green, colors[i].blue});
  }

  std::unique_ptr<PngFile> in_;
  int bits_ = 8;
  std::int64_t stored_channels_ = 1, next_ = 0;
  std::vector<Color> palette_;
  std::vector<std::uint8_t> row_;
};

}  // namespace

std::unique_ptr<PictureReader> open_png_rows(const std::filesystem::path& path) {
  auto in = std::make_unique<PngFile>();
  std::string start(8, '\0');
  in->file = std::fopen(path.c_str(), "rbe");
  if (in->file == nullptr || std::fread(start.data(), 1, start.size(), in->file) != start.size() ||
      !kPng.matches(start))
    return nullptr;
  std::rewind(in->file);
  in->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &in->error, on_error, on_warning);
  if (in->png != nullptr) in->info = png_create_info_struct(in->png);
  if (in->info == nullptr) fail("libpng could not start");
  if (!read_header(*in)) fail_input("the PNG is damaged ({})", in->error);
  if (png_get_interlace_type(in->png, in->info) != PNG_INTERLACE_NONE) return nullptr;
  return std::make_unique<PngRows>(std::move(in));
}

}  // namespace inlay
