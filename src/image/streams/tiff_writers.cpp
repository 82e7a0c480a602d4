// TIFF in compressed tiles, written while its rows come (TIFF 6.0; BigTIFF for what may not fit into 4 GB).
#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "base/new_file.h"
#include "image/formats/png.h"
#include "image/formats/tiff_file.h"
#include "inlay/picture_stream.h"

namespace inlay {
namespace {

constexpr std::int64_t kTile = 256;

struct Planes {
  std::int64_t count = 1, height = 0, width = 0;
  std::size_t bytes = 1;  // of a value
};

/// Keeps rows until there are as many as a tile has.
class TiffTiles : public PictureWriter {
 public:
  TiffTiles(const std::filesystem::path& path, const Planes& planes)
      : path_(path), file_(path), planes_(planes), tiff_(file_.descriptor(), may_be_big(planes)) {
    set(TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(planes.width));
    set(TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(planes.height));
    set(TIFFTAG_BITSPERSAMPLE, static_cast<int>(8 * planes.bytes));
    set(TIFFTAG_SAMPLESPERPIXEL, static_cast<int>(planes.count));
    set(TIFFTAG_PLANARCONFIG, planes.count == 1 ? PLANARCONFIG_CONTIG : PLANARCONFIG_SEPARATE);
    set(TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
    set(TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(kTile));
    set(TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(kTile));
    rows_.resize(static_cast<std::size_t>(planes.count * kTile * planes.width) * planes.bytes);
    tile_.resize(static_cast<std::size_t>(kTile * kTile) * planes.bytes);
  }

  template <class... Values>
  void set(std::uint32_t tag, Values... values) {
    TIFFSetField(tiff_.tiff(), tag, values...);
  }

  /// (rows, W) or (planes, rows, W).
  void write(const Tensor& rows) override {
    const std::int64_t count = rows.shape()[rows.shape().rank() - 2];
    const std::size_t row = static_cast<std::size_t>(planes_.width) * planes_.bytes;
    for (std::int64_t y = 0; y < count; ++y) {
      for (std::int64_t p = 0; p < planes_.count; ++p)
        std::memcpy(rows_.data() + static_cast<std::size_t>(p * kTile + kept_) * row,
                    rows.raw() + static_cast<std::size_t>(p * count + y) * row, row);
      if (++kept_ == kTile || top_ + kept_ == planes_.height) write_tiles();
    }
  }

  void close() override {
    tiff_.close_file(path_);
    file_.commit();
  }

 private:
  static bool may_be_big(const Planes& planes) {
    constexpr double kSmall = 3.9e9;  // tiles that cannot be compressed grow a little
    return static_cast<double>(planes.count * planes.bytes) * static_cast<double>(planes.height + kTile) *
               static_cast<double>(planes.width + kTile) >
           kSmall;
  }

  void write_tiles() {
    for (std::int64_t p = 0; p < planes_.count; ++p)
      for (std::int64_t x = 0; x < planes_.width; x += kTile) write_tile(p, x);
    top_ += kept_;
    kept_ = 0;
  }

  void write_tile(std::int64_t plane, std::int64_t x) {
    const std::size_t count = static_cast<std::size_t>(std::min(kTile, planes_.width - x)) * planes_.bytes;
    std::ranges::fill(tile_, std::uint8_t{0});
    for (std::int64_t y = 0; y < kept_; ++y)
      std::memcpy(tile_.data() + static_cast<std::size_t>(y * kTile) * planes_.bytes,
                  rows_.data() + static_cast<std::size_t>((plane * kTile + y) * planes_.width + x) * planes_.bytes,
                  count);
    const std::uint32_t index = TIFFComputeTile(tiff_.tiff(), static_cast<std::uint32_t>(x),
                                                static_cast<std::uint32_t>(top_), 0, static_cast<std::uint16_t>(plane));
    if (TIFFWriteEncodedTile(tiff_.tiff(), index, tile_.data(), static_cast<tmsize_t>(tile_.size())) < 0)
      tiff_.fail_write(path_);
  }

  std::filesystem::path path_;
  NewFile file_;
  Planes planes_;
  TiffFile tiff_;
  std::vector<std::uint8_t> rows_, tile_;
  std::int64_t kept_ = 0, top_ = 0;  // rows kept, and the first of them in the picture
};

}  // namespace

std::unique_ptr<PictureWriter> create_mask_tiff(const std::filesystem::path& path, std::int64_t height,
                                                std::int64_t width, const std::vector<Color>& palette) {
  auto writer = std::make_unique<TiffTiles>(path, Planes{1, height, width, 1});
  std::array<std::vector<std::uint16_t>, 3> map;
  for (const Color& color : palette_of_256(palette))
    for (std::size_t c = 0; c < 3; ++c) map[c].push_back(static_cast<std::uint16_t>(color[c] * 257));
  writer->set(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_PALETTE);
  writer->set(TIFFTAG_COLORMAP, map[0].data(), map[1].data(), map[2].data());
  return writer;
}

std::unique_ptr<PictureWriter> create_float_tiff(const std::filesystem::path& path, std::int64_t channels,
                                                 std::int64_t height, std::int64_t width) {
  auto writer = std::make_unique<TiffTiles>(path, Planes{channels, height, width, sizeof(float)});
  writer->set(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  writer->set(TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP);
  writer->set(TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT);
  if (channels > 1) {
    const std::vector<std::uint16_t> extra(static_cast<std::size_t>(channels - 1), EXTRASAMPLE_UNSPECIFIED);
    writer->set(TIFFTAG_EXTRASAMPLES, static_cast<int>(channels - 1), extra.data());
  }
  return writer;
}

}  // namespace inlay
