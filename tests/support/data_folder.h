// Small data sets on disk.
#pragma once

#include <tiffio.h>

#include <initializer_list>
#include <string>

#include "base/files.h"
#include "inlay/dataset.h"
#include "support/temp_folder.h"

namespace inlay::testing {

class DataFolder : public TempFolder {
 public:
  /// A grey picture or mask of 8 bits, (height, width).
  void grey(const std::string& name, const Shape& shape, std::initializer_list<std::uint8_t> values) const {
    write_image(*this / name, {Tensor::of(shape, values).reshaped({shape[0], shape[1], 1})});
  }
  /// One value everywhere.
  void plain(const std::string& name, std::int64_t height, std::int64_t width, std::uint8_t value) const {
    Image image{Tensor(DType::u8, {height, width, 1})};
    std::ranges::fill(image.pixels.data<std::uint8_t>(), value);
    write_image(*this / name, image);
  }
  /// A TIFF with a page of 2x2 pixels for each of the values.
  void stack(const std::string& name, const std::vector<std::uint8_t>& values) const;
  /// Colours in a row.
  void colors(const std::string& name, const std::vector<Color>& values) const {
    Image image{Tensor(DType::u8, {1, static_cast<std::int64_t>(values.size()), 3})};
    auto to = image.pixels.data<std::uint8_t>().begin();
    for (const Color& color : values) to = std::ranges::copy(color, to).out;
    write_image(*this / name, image);
  }
  void text(const std::string& name, const std::string& content) const { write_file(*this / name, content); }
  /// A picture and a mask of 2x2 pixels with the classes 0 and 1, under images/ and masks/ below `place`.
  void pair(const std::string& stem, const std::string& place = "") const {
    plain(place + "images/" + stem + ".png", 2, 2, 100);
    grey(place + "masks/" + stem + ".png", {2, 2}, {0, 1, 1, 0});
  }
};

inline void DataFolder::stack(const std::string& name, const std::vector<std::uint8_t>& values) const {
  std::filesystem::create_directories((*this / name).parent_path());
  TIFF* tiff = TIFFOpen((*this / name).c_str(), "w");
  for (std::uint8_t value : values) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, 2);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, 2);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    std::array<std::uint8_t, 2> row{value, value};
    for (std::uint32_t y = 0; y < 2; ++y) TIFFWriteScanline(tiff, row.data(), y, 0);
    TIFFWriteDirectory(tiff);
  }
  TIFFClose(tiff);
}

inline std::vector<std::uint8_t> labels_of(const Mask& mask) {
  auto labels = mask.labels.data<std::uint8_t>();
  return {labels.begin(), labels.end()};
}

}  // namespace inlay::testing
