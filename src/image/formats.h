// Which formats there are, and which one a file is of.
#pragma once

#include "image/format.h"

namespace inlay {

/// By the file's first bytes, whatever its name says. Throws InputError.
Decoded decode(std::string_view bytes);

/// Of the first bytes of a file.
bool is_known_format(std::string_view bytes);

/// What a decoder gave, or some rows of it, as a viewer shows it: (H, W, C) u8, or f32 of 9 bits and more. Throws
/// InputError for a palette that is too short and for numbers that are not finite.
Tensor shown(Decoded decoded);

/// Numbers that are kept as they are, (H, W, C) f32, as the i32 values of a mask. Throws InputError that names pixel
/// and value where one is not a whole number from 0 to 65535.
Tensor whole_numbers(const Tensor& values);

/// `extension` in lower case with its dot; nullptr when no format has it.
const Format* format_of_extension(std::string_view extension);

}  // namespace inlay
