#include "inlay/geo.h"

#include <tiffio.h>

#include <array>
#include <fstream>

#include "base/fail.h"
#include "image/formats.h"
#include "image/formats/tiff_file.h"
#include "plugins/host/load_module.h"
#include "plugins/modules.h"

namespace inlay {
namespace {

const GeoModule& geo() {
  static const void* module =
      load_module({"gdal", "inlay_geo_module", "a picture that lies on the earth", "libgdal32"});
  return *static_cast<const GeoModule*>(module);
}

/// GeoTIFF 1.1: GeoKeyDirectoryTag, ModelPixelScaleTag, ModelTransformationTag.
bool has_geo_tags(const std::filesystem::path& path) {
  constexpr std::array<std::uint32_t, 3> kTags{34735, 33550, 34264};
  const TiffFile file(path);
  for (const std::uint32_t tag : kTags) {
    std::uint32_t count = 0;
    const void* values = nullptr;
    if (TIFFGetField(file.tiff(), tag, &count, &values) == 1) return true;
  }
  return false;
}

}  // namespace

bool needs_gdal(const std::filesystem::path& path) {
  std::array<char, 16> start{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(start.data(), start.size()) && file.gcount() == 0) return false;
  const std::string_view bytes(start.data(), static_cast<std::size_t>(file.gcount()));
  if (kTiff.matches(bytes)) return has_geo_tags(path);
  return !is_known_format(bytes);
}

std::unique_ptr<PictureReader> open_any_picture(const std::filesystem::path& path) {
  return needs_gdal(path) ? geo().open(path) : open_picture(path);
}

std::unique_ptr<PictureWriter> create_geo_mask(const std::filesystem::path& path, const PictureFacts& picture,
                                               const std::vector<Color>& palette) {
  return picture.georeference ? geo().create_mask(path, picture, palette)
                              : create_mask_tiff(path, picture.height, picture.width, palette);
}

std::unique_ptr<PictureWriter> create_geo_floats(const std::filesystem::path& path, const PictureFacts& picture,
                                                 std::int64_t channels) {
  return picture.georeference ? geo().create_floats(path, picture, channels)
                              : create_float_tiff(path, channels, picture.height, picture.width);
}

}  // namespace inlay
