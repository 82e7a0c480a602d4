// Connected regions of a mask: pixels of one label that hang together (connected-component labelling).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// Which pixels are neighbours: those that share an edge, or a corner too.
enum class Connectivity { edges, corners };  // 4- and 8-connected

/// Pixels y0 <= y < y1, x0 <= x < x1.
struct Box {
  std::int64_t y0 = 0, x0 = 0, y1 = 0, x1 = 0;
  bool operator==(const Box&) const = default;
};

struct Region {
  std::uint8_t label = 0;
  std::int64_t pixels = 0;
  Box box;
};

struct Regions {
  Tensor numbers;               // (H, W) i32: the region that a pixel belongs to, from 1; 0: none
  std::vector<Region> regions;  // number 1 first

  std::int64_t size() const { return static_cast<std::int64_t>(regions.size()); }
};

/// Numbered in the order of their first pixels, row by row. Pixels labelled kIgnore or `background` belong to none.
Regions connected_regions(const Mask& mask, Connectivity connectivity = Connectivity::edges,
                          std::optional<std::uint8_t> background = std::nullopt);

}  // namespace inlay
