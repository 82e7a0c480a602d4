#pragma once

#include "inlay/image.h"

namespace inlay {

/// The bytes of a JPEG file of one or three channels; quality 1 to 100. Throws InputError for sizes above 65535.
std::string encode_jpeg(const Image& image, int quality);

}  // namespace inlay
