// A tensor as it lies in memory, as nested loops from the outermost to the innermost; blocked pictures have five axes.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/cpu/kernel.h"

namespace inlay {

struct LoopAxis {
  std::int64_t size;
  std::int64_t stride;  // in elements
};

/// N, C / B, H, W, B for a blocked picture, the shape's own extents otherwise. The lanes belong to axis 1.
inline std::vector<std::int64_t> memory_extents(const Shape& shape, int block) {
  std::vector<std::int64_t> extents(shape.begin(), shape.end());
  if (block > 1) {
    extents[1] = padded_channels(shape[1], block) / block;
    extents.push_back(block);
  }
  return extents;
}

/// The axis of the shape that memory axis `i` is part of.
inline int shape_axis(std::size_t i, int block) { return block > 1 && i == 4 ? 1 : static_cast<int>(i); }

/// Where iteration `at` of the loops stands.
inline std::int64_t loop_offset(const std::vector<LoopAxis>& loops, std::int64_t at) {
  std::int64_t offset = 0;
  for (std::size_t i = loops.size(); i-- > 0;) {
    offset += at % loops[i].size * loops[i].stride;
    at /= loops[i].size;
  }
  return offset;
}

inline std::int64_t loop_count(const std::vector<LoopAxis>& loops) {
  std::int64_t count = 1;
  for (const LoopAxis& loop : loops) count *= loop.size;
  return count;
}

}  // namespace inlay
