#include "base/wrap.h"

#include <algorithm>
#include <sstream>

namespace inlay {
namespace {

constexpr std::size_t kColumns = 80;

}  // namespace

std::size_t count_columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string wrap(const std::string& text, std::size_t indent) {
  std::istringstream words(text);
  std::string out, word;
  std::size_t column = indent;
  while (words >> word) {
    if (column > indent && column + 1 + count_columns(word) > kColumns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += count_columns(word);
  }
  return out;
}

std::string wrap_lines(const std::string& text, std::size_t indent) {
  std::istringstream lines(text);
  std::string out, line;
  while (std::getline(lines, line)) {
    if (!out.empty()) out += "\n" + std::string(indent, ' ');
    out += indent + count_columns(line) <= kColumns ? line : wrap(line, indent);
  }
  return out;
}

}  // namespace inlay
