// Pictures that are read and written a few rows at a time, so that they may be larger than memory.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// Where a picture lies on the earth, as GDAL states it.
struct GeoReference {
  std::string projection;  // well-known text; may be empty
  std::string authority;   // "urn:ogc:def:crs:EPSG::32633", where it is known by number
  /// x = t[0] + column t[1] + row t[2], y = t[3] + column t[4] + row t[5], of a pixel's upper left corner.
  std::array<double, 6> transform{0, 1, 0, 0, 0, 1};
};

struct PictureFacts {
  std::int64_t height = 0, width = 0, channels = 0;
  DType type = DType::u8;       // u8 in 0..255 or f32, as in Image
  std::int64_t held_bytes = 0;  // memory that reading takes beside the rows that are handed out
  std::optional<GeoReference> georeference = {};
};

/// Hands out a picture once, from its first row to its last.
class PictureReader {
 public:
  virtual ~PictureReader() = default;
  const PictureFacts& facts() const { return facts_; }
  /// The next rows, as read_image() gives them: (rows, W, C), or as many as are left. Throws InputError.
  virtual Tensor read(std::int64_t rows) = 0;

 protected:
  PictureFacts facts_;
};

/// TIFF (grey, colour, palettes and any number of channels; strips or tiles) and PNG are read as they are asked for,
/// whatever their height; what those files rarely are (interlaced, CMYK, turned by an orientation), and every other
/// format, is decoded whole. Throws InputError that names the file.
std::unique_ptr<PictureReader> open_picture(const std::filesystem::path& path);

/// The rows of a picture in memory.
std::unique_ptr<PictureReader> read_rows_of(const Image& image);

/// Takes a picture from its first row to its last. The file appears, whole, when it is closed; without that nothing is
/// left. Throws Error when it cannot be written.
class PictureWriter {
 public:
  virtual ~PictureWriter() = default;
  /// (rows, W, C), or (C, rows, W) for writers that say so.
  virtual void write(const Tensor& rows) = 0;
  /// After the last row.
  virtual void close() = 0;
};

/// An index PNG, as write_mask() makes it; rows are (rows, W) u8.
std::unique_ptr<PictureWriter> create_mask_png(const std::filesystem::path& path, std::int64_t height,
                                               std::int64_t width, const std::vector<Color>& palette);
/// Rows (rows, W, C) with C = 1 or 3: u8 as they are, f32 of 0..1 in 16 bits.
std::unique_ptr<PictureWriter> create_png(const std::filesystem::path& path, const PictureFacts& facts);
/// A palette TIFF in compressed tiles, BigTIFF where it may grow beyond 4 GB; rows are (rows, W) u8.
std::unique_ptr<PictureWriter> create_mask_tiff(const std::filesystem::path& path, std::int64_t height,
                                                std::int64_t width, const std::vector<Color>& palette);
/// `channels` bands of 32-bit floats, plane by plane in compressed tiles; rows are (C, rows, W) f32.
std::unique_ptr<PictureWriter> create_float_tiff(const std::filesystem::path& path, std::int64_t channels,
                                                 std::int64_t height, std::int64_t width);
/// NumPy's format, version 1.0: float32 (C, H, W); rows are (C, rows, W) f32.
std::unique_ptr<PictureWriter> create_npy(const std::filesystem::path& path, std::int64_t channels, std::int64_t height,
                                          std::int64_t width);
/// The picture under its labels, as overlay() draws it; RGB of 8 bits.
class OverlayWriter {
 public:
  OverlayWriter(const std::filesystem::path& path, std::int64_t height, std::int64_t width, std::vector<Color> palette);
  /// The next rows of both.
  void write(const Image& pixels, const Mask& mask);
  void close() { file_->close(); }

 private:
  std::int64_t height_, reach_, done_ = 0, first_ = 0;  // rows drawn, and the first that is kept
  std::vector<Color> palette_;
  std::unique_ptr<PictureWriter> file_;
  Image pixels_;
  Mask mask_;
};

}  // namespace inlay
