// Options that are chosen by name.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/fail.h"
#include "base/nearest_name.h"

namespace inlay {

/// The enumerator whose number is the place of `text` in `names`. Throws InputError that lists the names.
template <class Enum>
Enum parse_name(std::string_view what, std::span<const std::string_view> names, std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (text == names[i]) return static_cast<Enum>(i);
  fail_input("'{}' is no {}; expected one of {}{}", text, what, fmt::join(names, ", "), suggestion(text, names));
}

}  // namespace inlay
