// From the bytes of a picture file to pixels.
#pragma once

#include <string_view>

#include "inlay/image.h"

namespace inlay {

/// (H, W, C) with C = 1, 3 or what the file holds: u8, or f32 from floating-point files. 16-bit values: `sixteen` is
/// set and the tensor is i32.
struct Decoded {
  Tensor pixels;
  bool sixteen = false;
};

/// All but PNG, by OpenCV. Throws InputError "<reason>" without the file's name.
Decoded decode_by_opencv(std::string_view bytes);

/// True when a JPEG has no end-of-image marker after its start of scan; decoders fill the rest with grey and say
/// nothing.
bool is_truncated_jpeg(std::string_view bytes);

}  // namespace inlay
