#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace inlay {

/// The skeleton of the pixels of `plane` (height x width) that are not 0: Zhang and Suen, A Fast Parallel Algorithm for
/// Thinning Digital Patterns, CACM 1984. What lies outside of the plane continues its edge, so that lines keep reaching
/// it.
std::vector<std::uint8_t> thin(std::span<const std::uint8_t> plane, std::int64_t height, std::int64_t width);

}  // namespace inlay
