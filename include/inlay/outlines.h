// The outlines of a mask's regions, along the edges of their pixels.
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/regions.h"

namespace inlay {

/// A corner of pixels: pixel (y, x) has the corners (y, x) to (y + 1, x + 1).
struct Corner {
  std::int64_t x = 0, y = 0;
  bool operator==(const Corner&) const = default;
};

/// Closed: the last corner is joined to the first. Corners lie where the line turns; it crosses and touches itself
/// nowhere.
using Ring = std::vector<Corner>;

/// Filling the outer ring and leaving out the holes gives the region's pixels back exactly.
struct Outline {
  Ring outer;               // clockwise, as seen with y downwards
  std::vector<Ring> holes;  // the other way round
};

/// One for every region of `numbers` (H, W) i32, number 1 first; `count` of them. A region is a set of pixels that hang
/// together by edges, as Regions::numbers and Instances::numbers have them.
std::vector<Outline> trace_outlines(const Tensor& numbers, std::int64_t count);

/// Twice the area that the ring encloses, above 0 where it runs clockwise (y downwards).
std::int64_t twice_area(const Ring& ring);

}  // namespace inlay
