// The pictures of a TIFF file, which may be several: the slices of a volume, say.
#pragma once

#include <cstdint>
#include <string_view>

#include "image/format.h"
#include "image/formats/tiff_file.h"

namespace inlay {

/// Of a file that is no TIFF: 1. Thumbnails and smaller versions of a picture are not counted. Throws InputError.
std::int64_t count_tiff_pages(std::string_view bytes);

/// Number `page`, from 0. Throws InputError.
Decoded decode_tiff(std::string_view bytes, std::int64_t page);

/// Without alpha, which follows grey or colour. Throws InputError.
int tiff_channels(const TiffFile& file);

}  // namespace inlay
