#include "base/utf8.h"

#include <cstdint>

namespace inlay {
namespace {

/// Bytes of the character that starts with `lead`; 0 when none does.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

bool is_allowed(std::uint32_t code, std::size_t length) {
  if (length == 3) return code >= 0x800 && (code < 0xD800 || code > 0xDFFF);
  return length < 3 || (code >= 0x10000 && code <= 0x10FFFF);
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = length_of(lead);
    if (length == 0 || length > text.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if ((byte & 0xC0u) != 0x80u) return false;
      code = code << 6 | (byte & 0x3Fu);
    }
    if (!is_allowed(code, length)) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace inlay
