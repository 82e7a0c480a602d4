// Copy-paste for semantic maps, after Ghiasi et al. 2021 (Simple Copy-Paste, CVPR): regions of rare classes from other
// images, with their labels.
#pragma once

#include <functional>

#include "data/augment/class_places.h"

namespace inlay {

/// With the probability `copy_paste`, one to `paste_regions` connected regions of rare classes are put anywhere into
/// the patch, which shows image `own`; each goes through a warp of its own, drawn like the patch's.
void paste_regions(const AugmentOptions& options, const ClassPlaces& places, std::int64_t own,
                   const std::function<Sample(std::int64_t)>& read, std::uint64_t key, const Patch& patch);

}  // namespace inlay
