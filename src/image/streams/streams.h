// Readers of the formats that can be read by rows.
#pragma once

#include <memory>

#include "image/format.h"
#include "inlay/picture_stream.h"

namespace inlay {

/// nullptr for a file that is of another kind, or of this one but not to be read by rows. Throws InputError "<reason>",
/// for the caller to put the file's name before it.
std::unique_ptr<PictureReader> open_tiff_rows(const std::filesystem::path& path);
std::unique_ptr<PictureReader> open_png_rows(const std::filesystem::path& path);

/// More than 2^31 - 1 pixels a side, and rows of more than 2^31 bytes, are refused.
void check_rows(std::int64_t height, std::int64_t width, std::int64_t bytes_a_pixel);

}  // namespace inlay
