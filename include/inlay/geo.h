// Pictures that lie on the earth: GeoTIFF, and what else GDAL reads.
#pragma once

#include "inlay/picture_stream.h"

namespace inlay {

/// A TIFF with GeoTIFF's tags, or a file of none of the formats that read_image() knows.
bool needs_gdal(const std::filesystem::path& path);

/// open_picture(), or for files that need it GDAL's reader, which states where the picture lies. GDAL is in a module of
/// its own (libinlay_gdal.so) that is loaded when it is first needed: Error that names the Debian package when it
/// cannot be. Throws InputError that names the file.
std::unique_ptr<PictureReader> open_any_picture(const std::filesystem::path& path);

/// GeoTIFF in compressed tiles with the picture's georeference; otherwise as create_mask_tiff() and
/// create_float_tiff(). Throw Error when the file cannot be written.
std::unique_ptr<PictureWriter> create_geo_mask(const std::filesystem::path& path, const PictureFacts& picture,
                                               const std::vector<Color>& palette);
std::unique_ptr<PictureWriter> create_geo_floats(const std::filesystem::path& path, const PictureFacts& picture,
                                                 std::int64_t channels);

}  // namespace inlay
