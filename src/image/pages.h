// Pictures that are not a file each: the pages of a TIFF, and those within other files.
#pragma once

#include "inlay/image.h"

namespace inlay {

/// A picture of a file; page 0 is what read_image() reads.
struct Page {
  std::filesystem::path file;
  std::int64_t number = 0;
};

/// As read_image() and read_raw_mask() (inlay/image.h). Throw InputError for a page that is not there, too.
Image read_image_page(const Page& page);
RawMask read_raw_mask_page(const Page& page);

/// More than 1 for a TIFF with several pictures alone. Throws InputError that names the file.
std::int64_t count_pages(const std::filesystem::path& path);

/// A picture file that is in memory. Throws InputError, which names no file.
Image read_image_bytes(std::string_view bytes);

}  // namespace inlay
