#include "metrics/thinning.h"

#include <algorithm>
#include <array>

namespace inlay {
namespace {

using Ring = std::array<std::uint8_t, 8>;

bool goes(const Ring& p, bool first_half) {
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

/// Only pixels beside one that is not set can go: those are kept in a list.
class Thinning {
 public:
  Thinning(std::span<const std::uint8_t> plane, std::int64_t height, std::int64_t width)
      : height_(height), width_(width), set_(plane.size()), listed_(plane.size()) {
    for (std::size_t i = 0; i < plane.size(); ++i) set_[i] = plane[i] != 0 ? 1 : 0;
    for (std::int64_t i = 0; i < height * width; ++i) {
      const Ring ring = around(i);
      if (std::ranges::find(ring, 0) != ring.end()) list(i);
    }
  }

  std::vector<std::uint8_t> run() {
    for (bool changed = true; changed;) {
      changed = pass(true);
      changed |= pass(false);
    }
    return std::move(set_);
  }

 private:
  /// Calls body(index) for the eight pixels around one, clockwise from the one above: P2 to P9 of the paper.
  template <class Body>
  void for_ring(std::int64_t i, Body&& body) const {
    constexpr std::array<std::array<std::int64_t, 2>, 8> kSteps{
        {{-1, 0}, {-1, 1}, {0, 1}, {1, 1}, {1, 0}, {1, -1}, {0, -1}, {-1, -1}}};
    for (const auto& [dy, dx] : kSteps) {
      const std::int64_t y = std::clamp<std::int64_t>(i / width_ + dy, 0, height_ - 1);
      body(y * width_ + std::clamp<std::int64_t>(i % width_ + dx, 0, width_ - 1));
    }
  }

  Ring around(std::int64_t i) const {
    Ring ring{};
    std::size_t k = 0;
    for_ring(i, [&](std::int64_t at) { ring[k++] = set_[static_cast<std::size_t>(at)]; });
    return ring;
  }

  void list(std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    if (set_[at] == 0 || listed_[at]) return;
    listed_[at] = true;
    open_.push_back(i);
  }

  /// Whether a pixel went.
  bool pass(bool first_half) {
    std::vector<std::int64_t> gone;
    for (const std::int64_t i : open_)
      if (goes(around(i), first_half)) gone.push_back(i);
    for (const std::int64_t i : gone) set_[static_cast<std::size_t>(i)] = 0;
    std::erase_if(open_, [&](std::int64_t i) { return set_[static_cast<std::size_t>(i)] == 0; });
    for (const std::int64_t i : gone) for_ring(i, [&](std::int64_t at) { list(at); });
    return !gone.empty();
  }

  std::int64_t height_, width_;
  std::vector<std::uint8_t> set_;
  std::vector<bool> listed_;
  std::vector<std::int64_t> open_;
};

}  // namespace

std::vector<std::uint8_t> thin(std::span<const std::uint8_t> plane, std::int64_t height, std::int64_t width) {
  return Thinning(plane, height, width).run();
}

}  // namespace inlay
