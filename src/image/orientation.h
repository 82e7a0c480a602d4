// Turning a picture as the camera that took it says.
#pragma once

#include <filesystem>
#include <string_view>

#include "inlay/tensor.h"

namespace inlay {

/// The orientation, 1 to 8, that an EXIF block states; 1, as it lies, when it states none. `exif` starts with its TIFF
/// header.
int exif_orientation(std::string_view exif);

/// The one that a JPEG file states; 1 for any other file, too.
int jpeg_orientation(const std::filesystem::path& path);

/// (H, W, C) turned and mirrored for showing: 2 to 4 keep the size, 5 to 8 swap height and width (TIFF 6.0, tag 274).
/// Anything else: as it is.
Tensor oriented(const Tensor& values, int orientation);

}  // namespace inlay
