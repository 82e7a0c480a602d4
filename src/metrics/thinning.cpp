#include "metrics/thinning.h"

#include <algorithm>
#include <array>

namespace inlay {
namespace {

/// The eight pixels around one, clockwise from the one above: P2 to P9 of the paper.
std::array<std::uint8_t, 8> around(const std::vector<std::uint8_t>& plane, std::int64_t height, std::int64_t width,
                                   std::int64_t y, std::int64_t x) {
  const auto at = [&](std::int64_t dy, std::int64_t dx) {
    const std::int64_t row = std::clamp<std::int64_t>(y + dy, 0, height - 1);
    const std::int64_t column = std::clamp<std::int64_t>(x + dx, 0, width - 1);
    return plane[static_cast<std::size_t>(row * width + column)];
  };
  return {at(-1, 0), at(-1, 1), at(0, 1), at(1, 1), at(1, 0), at(1, -1), at(0, -1), at(-1, -1)};
}

bool goes(const std::array<std::uint8_t, 8>& p, bool first_half) {
  int neighbours = 0, rises = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    neighbours += p[i];
    if (p[i] == 0 && p[(i + 1) % 8] == 1) ++rises;
  }
  if (neighbours < 2 || neighbours > 6 || rises != 1) return false;
  const std::uint8_t above = p[0], right = p[2], below = p[4], left = p[6];
  return first_half ? above * right * below == 0 && right * below * left == 0
                    : above * right * left == 0 && above * below * left == 0;
}

}  // namespace

std::vector<std::uint8_t> thin(std::span<const std::uint8_t> plane, std::int64_t height, std::int64_t width) {
  std::vector<std::uint8_t> result(plane.size());
  std::vector<std::int64_t> left;  // pixels that are set
  for (std::size_t i = 0; i < plane.size(); ++i) {
    result[i] = plane[i] != 0 ? 1 : 0;
    if (result[i] != 0) left.push_back(static_cast<std::int64_t>(i));
  }
  bool changed = true;
  const auto pass = [&](bool first_half) {
    std::vector<std::int64_t> gone;
    for (const std::int64_t i : left)
      if (goes(around(result, height, width, i / width, i % width), first_half)) gone.push_back(i);
    for (const std::int64_t i : gone) result[static_cast<std::size_t>(i)] = 0;
    std::erase_if(left, [&](std::int64_t i) { return result[static_cast<std::size_t>(i)] == 0; });
    changed |= !gone.empty();
  };
  while (changed) {
    changed = false;
    pass(true);
    pass(false);
  }
  return result;
}

}  // namespace inlay
