#include "inlay/outlines.h"

#include <array>

namespace inlay {
namespace {

/// East, south, west, north.
constexpr std::array<Corner, 4> kSteps{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};

class Tracer {
 public:
  explicit Tracer(const Tensor& numbers)
      : height_(numbers.shape()[0]),
        width_(numbers.shape()[1]),
        numbers_(numbers.data<std::int32_t>()),
        seen_(numbers_.size(), false) {}

  /// An upper edge of pixel (y, x) that separates it from another region and lies on no ring yet.
  bool starts(std::int64_t y, std::int64_t x) const {
    const std::int32_t own = number(y, x);
    return own != 0 && number(y - 1, x) != own && !seen_[static_cast<std::size_t>(y * width_ + x)];
  }

  /// From there eastwards with the region at the right hand. Where two of its pixels touch by a corner alone, the line
  /// turns left: it passes on to the other pixel, so that a hole that reaches the corner stays a ring of its own.
  Ring trace(std::int64_t y, std::int64_t x) {
    const std::int32_t own = number(y, x);
    Ring ring;
    const Corner start{x, y};
    Corner at = start;
    std::size_t heading = 0, before = 4;
    do {
      if (heading != before) ring.push_back(at);
      before = heading;
      if (heading == 0) seen_[static_cast<std::size_t>(at.y * width_ + at.x)] = true;
      at = {at.x + kSteps[heading].x, at.y + kSteps[heading].y};
      if (ahead(at, heading, true) == own)
        heading = (heading + 3) % 4;
      else if (ahead(at, heading, false) != own)
        heading = (heading + 1) % 4;
    } while (at != start || heading != 0);
    return ring;
  }

 private:
  std::int32_t number(std::int64_t y, std::int64_t x) const {
    return y < 0 || x < 0 || y >= height_ || x >= width_ ? 0 : numbers_[static_cast<std::size_t>(y * width_ + x)];
  }

  /// The pixel ahead of a corner, at the left or the right hand.
  std::int32_t ahead(const Corner& at, std::size_t heading, bool left) const {
    const std::array<Corner, 4> quarter{{{0, -1}, {0, 0}, {-1, 0}, {-1, -1}}};  // north-east, south-east, ...
    const Corner& offset = quarter[left ? heading : (heading + 1) % 4];
    return number(at.y + offset.y, at.x + offset.x);
  }

  std::int64_t height_, width_;
  std::span<const std::int32_t> numbers_;
  std::vector<bool> seen_;  // upper edges
};

}  // namespace

std::vector<Outline> trace_outlines(const Tensor& numbers, std::int64_t count) {
  std::vector<Outline> outlines(static_cast<std::size_t>(count));
  Tracer tracer(numbers);
  const auto values = numbers.data<std::int32_t>();
  const std::int64_t height = numbers.shape()[0], width = numbers.shape()[1];
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      if (!tracer.starts(y, x)) continue;
      Outline& outline = outlines[static_cast<std::size_t>(values[static_cast<std::size_t>(y * width + x)] - 1)];
      Ring ring = tracer.trace(y, x);
      if (twice_area(ring) > 0)
        outline.outer = std::move(ring);
      else
        outline.holes.push_back(std::move(ring));
    }
  return outlines;
}

std::int64_t twice_area(const Ring& ring) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Corner &a = ring[i], &b = ring[(i + 1) % ring.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return sum;
}

}  // namespace inlay
