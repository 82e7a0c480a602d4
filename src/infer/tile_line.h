// One side of a picture in tiles, and how much each tile's word counts.
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/model.h"

namespace inlay {

/// How far a net sees, which is how far the edge of a tile is felt.
struct Reach {
  std::int64_t pixels = 0;  // from a pixel in each direction
  bool everything = false;  // behind a global pooling
  std::int64_t align = 1;   // tiles must begin a multiple of it apart to be pooled alike
};
Reach reach_of(const Model& model);

struct TileWish {
  std::int64_t largest = 0;   // a tile's side at most; 0: whatever the picture has
  std::int64_t overlap = -1;  // of neighbours at least, in pixels; -1: twice the reach, but at most half a tile
};

/// Of pictures' pixels, in order. A pixel's weights over all tiles add up to 1.
struct TileLine {
  std::int64_t side = 0;                    // of a tile: what the net reads
  std::int64_t logits = 0;                  // of a tile: side - 2 margin
  std::vector<std::int64_t> starts;         // of each tile's logits, in the picture
  std::vector<std::vector<float>> weights;  // of each tile's logits
  std::int64_t overlap = 0;                 // of neighbours, at least
  bool exact = true;                        // weights are 0 wherever a tile's edge is felt

  std::int64_t count() const { return static_cast<std::int64_t>(starts.size()); }
};

/// A net with a margin, and one that takes no side so large, has tiles whose logits lie side by side (plan_tiles), of
/// at most 1024 pixels where nothing is wished. Another one reads the whole side, or, where that is larger than wished,
/// tiles that overlap and are blended by a Gaussian of an eighth of the side (Isensee et al. 2021, nnU-Net,
/// "importance weighting"), spread evenly. Where the overlap is twice the reach, weights are 0 as far as a tile's inner
/// edges are felt: the result is that of the whole picture. Throws InputError for an overlap that leaves no step.
TileLine line_of_tiles(std::int64_t length, const SizeRule& rule, const Reach& reach, const TileWish& wish);

}  // namespace inlay
