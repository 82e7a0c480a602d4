// Which formats there are, and which one a file is of.
#pragma once

#include "image/format.h"

namespace inlay {

/// By the file's first bytes, whatever its name says. Throws InputError.
Decoded decode(std::string_view bytes);

/// `extension` in lower case with its dot; nullptr when no format has it.
const Format* format_of_extension(std::string_view extension);

}  // namespace inlay
