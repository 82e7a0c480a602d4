// The words that the printer writes and the parser reads.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "inlay/graph.h"

namespace inlay {

inline constexpr std::array<std::string_view, 3> kLeafKindNames{"input", "parameter", "state"};
inline constexpr std::array<std::string_view, 4> kInitializerNames{"constant", "he_normal", "glorot_uniform",
                                                                   "bilinear"};

std::string to_string(const Initializer& initializer);

}  // namespace inlay
