// The words that the printer writes and the parser reads.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "inlay/graph.h"

namespace inlay {

inline constexpr std::array<std::string_view, 3> kLeafKindNames{"input", "parameter", "state"};
inline constexpr std::array<std::string_view, 9> kInitializerNames{"constant",   "he_normal",      "he_normal_fan_out",
                                                                   "he_uniform", "glorot_uniform", "lecun_uniform",
                                                                   "normal",     "identity",       "bilinear"};
static_assert(kInitializerNames.size() == static_cast<std::size_t>(Initializer::Kind::bilinear) + 1);

std::string to_string(const Initializer& initializer);

}  // namespace inlay
