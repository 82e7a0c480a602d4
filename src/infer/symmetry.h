// The eight ways to turn and mirror a square, for test-time augmentation.
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/segment.h"

namespace inlay {

/// Rows and columns reversed, then swapped.
struct Symmetry {
  bool reverse_rows = false, reverse_columns = false, swap = false;
};

/// The picture as it is first.
std::vector<Symmetry> symmetries_of(TestAugmentation augmentation);

/// Planes (count, height, width) to (count, height, width), or (count, width, height) when they swap.
void apply(const Symmetry& symmetry, const float* planes, std::int64_t count, std::int64_t height, std::int64_t width,
           float* to);

/// Element (y, x) of a height x width plane lies, once it is turned, at that row and column.
struct PlaneIndex {
  std::int64_t row, column;
};
PlaneIndex turned(const Symmetry& symmetry, std::int64_t height, std::int64_t width, std::int64_t y, std::int64_t x);

}  // namespace inlay
