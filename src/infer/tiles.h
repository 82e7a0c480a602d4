// How a picture is cut for a net whose logits cover less than what it reads: the overlap-tile strategy of Ronneberger,
// Fischer and Brox (MICCAI 2015, figure 2). Tiles overlap by the net's margins, so that their logits lie side by side.
#pragma once

#include <cstdint>

#include "inlay/model.h"

namespace inlay {

/// Along one side of a picture, in pixels.
struct Tiles {
  std::int64_t side = 0;    // of a tile: what the net reads
  std::int64_t logits = 0;  // of a tile: side - 2 margin
  std::int64_t step = 0;    // from one tile's logits to the next one's
  std::int64_t count = 0;
};

/// One tile for all of `length` pixels where that is no larger than `largest`, or the net has no margin; else as few
/// tiles as possible, none larger than `largest` or than the smallest that is any use. A net that takes sides of
/// 16 k + 12 gives the same logits only for tiles that begin a multiple of 16 apart: steps are multiples of
/// rule.multiple. Throws InputError when the net's margins eat up the largest side that it takes.
Tiles plan_tiles(std::int64_t length, const SizeRule& rule, std::int64_t largest);

/// Tiles that run together, of `total` tiles of height x width: as many as fill largest x largest pixels, in batches of
/// nearly the same number.
std::int64_t tiles_at_once(std::int64_t total, std::int64_t height, std::int64_t width, std::int64_t largest);

}  // namespace inlay
