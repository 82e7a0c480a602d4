// TIFF by libtiff, a row of strips or tiles at a time.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>

#include "base/fail.h"
#include "image/formats.h"
#include "image/formats/tiff.h"
#include "image/formats/tiff_file.h"
#include "image/streams/streams.h"

namespace inlay {
namespace {

struct Layout {
  int photometric, format, bits, samples, channels;  // samples: of a pixel, with alpha
  bool separate, tiled;
  std::int64_t block_height, block_width;  // of a tile, or of what is read of a strip at once
};

template <class From, class To>
void convert(const std::uint8_t* from, std::size_t from_step, std::size_t count, To* to, std::size_t to_step) {
  for (std::size_t i = 0; i < count; ++i, from += sizeof(From) * from_step, to += to_step) {
    From value{};
    std::memcpy(&value, from, sizeof value);
    *to = static_cast<To>(value);
  }
}

class TiffRows : public PictureReader {
 public:
  TiffRows(const std::filesystem::path& path, Layout layout, PictureFacts facts) : file_(path), layout_(layout) {
    facts_ = std::move(facts);
    const auto block = static_cast<std::size_t>(layout_.tiled      ? TIFFTileSize64(file_.tiff())
                                                : layout_.separate ? TIFFStripSize64(file_.tiff())
                                                                   : TIFFScanlineSize64(file_.tiff()));
    constexpr std::size_t kMost = std::size_t{1} << 31;
    if (block == 0 || block > kMost) fail_input("the TIFF is damaged (it claims rows or tiles of {} bytes)", block);
    block_.resize(block);
    if (layout_.photometric == PHOTOMETRIC_PALETTE) keep_palette();
    stored_ = layout_.format == SAMPLEFORMAT_IEEEFP ? DType::f32 : layout_.bits == 16 ? DType::i32 : DType::u8;
    facts_.held_bytes = static_cast<std::int64_t>(block) + layout_.block_height * facts_.width * layout_.channels *
                                                               static_cast<std::int64_t>(size_of(stored_));
  }

  Tensor read(std::int64_t rows) override {
    Decoded part;
    rows = std::min(rows, facts_.height - next_);
    part.values = Tensor(stored_, {rows, facts_.width, layout_.channels});
    part.palette = palette_;
    part.white = layout_.bits == 16 ? 65535 : 255;
    const std::size_t row = part.values.bytes() / static_cast<std::size_t>(rows);
    for (std::int64_t done = 0; done < rows;) {
      if (next_ >= band_end_) read_band();
      const std::int64_t count = std::min(rows - done, band_end_ - next_);
      std::memcpy(part.values.raw() + static_cast<std::size_t>(done) * row,
                  band_.raw() + static_cast<std::size_t>(next_ - band_begin_) * row,
                  static_cast<std::size_t>(count) * row);
      done += count;
      next_ += count;
    }
    if (layout_.photometric == PHOTOMETRIC_MINISWHITE) invert(part);
    return shown(std::move(part));
  }

 private:
  void keep_palette() {
    std::uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
    if (TIFFGetField(file_.tiff(), TIFFTAG_COLORMAP, &red, &green, &blue) != 1) file_.fail_damaged();
    for (std::size_t i = 0; i < std::size_t{1} << layout_.bits; ++i)
      palette_.push_back({static_cast<std::uint8_t>(red[i] >> 8), static_cast<std::uint8_t>(green[i] >> 8),
                          static_cast<std::uint8_t>(blue[i] >> 8)});
  }

  static void invert(Decoded& part) {
    if (part.values.type() == DType::u8)
      for (auto& value : part.values.data<std::uint8_t>()) value = static_cast<std::uint8_t>(255 - value);
    if (part.values.type() == DType::i32)
      for (auto& value : part.values.data<std::int32_t>()) value = part.white - value;
  }

  void read_band() {
    band_begin_ = band_end_;
    const std::int64_t rows = std::min(layout_.block_height, facts_.height - band_begin_);
    band_end_ = band_begin_ + rows;
    if (band_.shape().rank() != 3 || band_.shape()[0] != rows)
      band_ = Tensor(stored_, {rows, facts_.width, layout_.channels});
    const int planes = layout_.separate ? layout_.channels : 1;
    for (int plane = 0; plane < planes; ++plane)
      for (std::int64_t x = 0; x < facts_.width; x += layout_.block_width) read_block(x, plane);
  }

  void read_block(std::int64_t x, int plane) {
    TIFF* tiff = file_.tiff();
    const auto y = static_cast<std::uint32_t>(band_begin_);
    const auto sample = static_cast<std::uint16_t>(plane);
    const auto size = static_cast<tmsize_t>(block_.size());
    if (layout_.tiled) {
      if (TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, static_cast<std::uint32_t>(x), y, 0, sample), block_.data(),
                              size) != size)
        file_.fail_damaged();
    } else if (layout_.separate) {
      if (TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, sample), block_.data(), size) < 1) file_.fail_damaged();
    } else if (TIFFReadScanline(tiff, block_.data(), y, 0) != 1) {
      file_.fail_damaged();
    }
    const std::size_t stride =
        static_cast<std::size_t>(layout_.tiled ? TIFFTileRowSize64(tiff) : TIFFScanlineSize64(tiff));
    for (std::int64_t i = 0; i < band_end_ - band_begin_; ++i)
      put(block_.data() + static_cast<std::size_t>(i) * stride, i, x, plane);
  }

  template <class From, class To>
  void put_as(const std::uint8_t* row, std::int64_t y, std::int64_t x, int plane) {
    const auto channels = static_cast<std::size_t>(layout_.channels),
               samples = static_cast<std::size_t>(layout_.samples),
               count = static_cast<std::size_t>(std::min(layout_.block_width, facts_.width - x));
    To* to = band_.data<To>().data() + static_cast<std::size_t>(y * facts_.width + x) * channels;
    if (layout_.separate) return convert<From>(row, 1, count, to + plane, channels);
    for (std::size_t c = 0; c < channels; ++c) convert<From>(row + c * sizeof(From), samples, count, to + c, channels);
  }

  void put(const std::uint8_t* row, std::int64_t y, std::int64_t x, int plane) {
    if (stored_ == DType::u8) return put_as<std::uint8_t, std::uint8_t>(row, y, x, plane);
    if (stored_ == DType::i32) return put_as<std::uint16_t, std::int32_t>(row, y, x, plane);
    if (layout_.bits == 32) return put_as<float, float>(row, y, x, plane);
    put_as<double, float>(row, y, x, plane);
  }

  TiffFile file_;
  Layout layout_;
  DType stored_ = DType::u8;
  std::vector<Color> palette_;
  std::vector<std::uint8_t> block_;
  Tensor band_;  // rows band_begin_ to band_end_, as they are stored
  std::int64_t band_begin_ = 0, band_end_ = 0, next_ = 0;
};

bool is_tiff_file(const std::filesystem::path& path) {
  std::string start(4, '\0');
  std::ifstream(path, std::ios::binary).read(start.data(), 4);
  return kTiff.matches(start);
}

}  // namespace

std::unique_ptr<PictureReader> open_tiff_rows(const std::filesystem::path& path) {
  if (!is_tiff_file(path)) return nullptr;
  const TiffFile file(path);
  const auto tag = [&](std::uint32_t number) { return static_cast<int>(file.tag<std::uint16_t>(number)); };
  PictureFacts facts{file.tag<std::uint32_t>(TIFFTAG_IMAGELENGTH), file.tag<std::uint32_t>(TIFFTAG_IMAGEWIDTH)};
  Layout layout{tag(TIFFTAG_PHOTOMETRIC), tag(TIFFTAG_SAMPLEFORMAT), tag(TIFFTAG_BITSPERSAMPLE),
                tag(TIFFTAG_SAMPLESPERPIXEL)};
  const bool integer = layout.format == SAMPLEFORMAT_UINT && (layout.bits == 8 || layout.bits == 16);
  const bool real = layout.format == SAMPLEFORMAT_IEEEFP && (layout.bits == 32 || layout.bits == 64);
  const bool plain = layout.photometric == PHOTOMETRIC_MINISBLACK || layout.photometric == PHOTOMETRIC_MINISWHITE ||
                     layout.photometric == PHOTOMETRIC_RGB ||
                     (layout.photometric == PHOTOMETRIC_PALETTE && integer && layout.samples == 1);
  if (!(integer || real) || !plain || layout.samples < 1 || tag(TIFFTAG_ORIENTATION) > 1) return nullptr;
  layout.channels = tiff_channels(file);
  layout.separate = tag(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE && layout.samples > 1;
  layout.tiled = TIFFIsTiled(file.tiff()) != 0;
  check_rows(facts.height, facts.width, layout.samples * layout.bits / 8);
  layout.block_width = layout.tiled ? file.tag<std::uint32_t>(TIFFTAG_TILEWIDTH) : facts.width;
  layout.block_height = layout.tiled ? file.tag<std::uint32_t>(TIFFTAG_TILELENGTH)
                        : layout.separate
                            ? std::min<std::int64_t>(file.tag<std::uint32_t>(TIFFTAG_ROWSPERSTRIP), facts.height)
                            : 1;
  if (layout.block_width < 1 || layout.block_height < 1) file.fail_damaged();
  facts.channels = layout.photometric == PHOTOMETRIC_PALETTE ? 3 : layout.channels;
  facts.type = real || layout.bits == 16 ? DType::f32 : DType::u8;
  if (layout.photometric == PHOTOMETRIC_PALETTE) facts.type = DType::u8;
  return std::make_unique<TiffRows>(path, layout, std::move(facts));
}

}  // namespace inlay
