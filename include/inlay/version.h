// The version of the library and of the program.
#pragma once

#include <string_view>

namespace inlay {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace inlay
