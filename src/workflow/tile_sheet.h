// A few small pictures beside each other.
#pragma once

#include <span>
#include <string>

#include "inlay/image.h"

namespace inlay::workflow {

struct Tile {
  std::string title, subtitle;
  Image image;
};

/// An SVG picture of its own: three tiles a row, each enlarged with sharp pixels.
std::string tile_sheet(std::span<const Tile> tiles);

/// A plane of numbers as greys: black for the hundredth part that is lowest, white for the highest. (H, W, 1)
Image grey_tile(std::span<const float> plane, std::int64_t height, std::int64_t width);

}  // namespace inlay::workflow
