#pragma once

#include <string_view>

namespace inlay {

/// Whether the bytes are well-formed UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, at most U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace inlay
