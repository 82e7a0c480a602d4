// In which order a net reads the colours of a picture.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace inlay {

/// bgr: blue first, as nets that were trained on OpenCV's pictures have it.
enum class ChannelOrder : std::uint8_t { rgb, bgr };
constexpr auto enum_names(ChannelOrder) { return std::array<std::string_view, 2>{"rgb", "bgr"}; }

}  // namespace inlay
