// Checkerboards in what a net says, and in the truth beside it.
#pragma once

#include <cstdint>

#include "inlay/dataset.h"
#include "inlay/segment.h"

namespace inlay::workflow {

/// Means of checkerboard(plane, H, W, 2) over the planes of all pictures of a split that are not flat; NaN when there
/// are none, or none of 4x4 pixels.
struct Checkerboards {
  double logits = 0;
  double truth = 0;  // of one plane a class, 1 where it is and 0 elsewhere; of class 1 alone for a net with one logit
};
Checkerboards measure_checkerboards(Segmenter& segmenter, const Dataset& dataset, Split split);

}  // namespace inlay::workflow
