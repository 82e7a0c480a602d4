// "Did you mean ...?" for names that people type.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace inlay {

/// The name with the fewest edits (insert, remove, replace, swap neighbours) to `name`; "" when none comes within a
/// third of its length. The first of equally near ones.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> names);

/// "; did you mean 'width'?" or "".
std::string suggestion(std::string_view name, std::span<const std::string_view> names);

}  // namespace inlay
