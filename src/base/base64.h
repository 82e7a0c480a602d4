#pragma once

#include <string>
#include <string_view>

namespace inlay {

/// RFC 4648, with padding and without line breaks.
std::string base64(std::string_view bytes);

/// Back again. Line breaks and blanks are passed over, padding may be missing. Throws InputError for anything else.
std::string from_base64(std::string_view text);

}  // namespace inlay
