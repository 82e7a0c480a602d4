// Text for terminals.
#pragma once

#include <string>
#include <string_view>

namespace inlay {

/// Characters of UTF-8 text, taking each to be one column wide.
std::size_t count_columns(std::string_view text);

/// Breaks at spaces so that lines that begin at column `indent` end before column 80.
std::string wrap(const std::string& text, std::size_t indent);
/// The same for text whose lines stay lines: one that fits stays as it is.
std::string wrap_lines(const std::string& text, std::size_t indent);

}  // namespace inlay
