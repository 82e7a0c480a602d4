// What is done to a mask after it was predicted.
#pragma once

#include <cstdint>
#include <vector>

#include "inlay/image.h"
#include "inlay/regions.h"

namespace inlay {

/// Regions (4-connected, of any class) of fewer than `least` pixels get the label of the neighbour that they share the
/// longest border with, the lower one where two are equal, as GDAL's sieve filter does it: small objects on a
/// background vanish, small holes are closed. Neighbours that are too small themselves do not count, unless all are;
/// ignored pixels never do. Where no region is large enough the largest one counts as such.
Mask remove_small_regions(const Mask& mask, std::int64_t least);

/// Regions of class 0 (4-connected) that do not touch the picture's edge and whose neighbours all have one label get
/// that label: what scipy's binary_fill_holes fills, for any number of classes.
Mask fill_holes(const Mask& mask);

struct InstanceOptions {
  /// 0: instances are the connected regions. Above: touching objects are parted by the watershed of the distance to
  /// their edge, flooded from its maxima, of which none is within so many pixels of a higher one in the same region.
  double seed_distance = 0;
  Connectivity connectivity = Connectivity::edges;
};

struct Instances {
  Tensor numbers;                    // (H, W) i32 from 1; 0 for class 0 and ignored pixels
  std::vector<std::uint8_t> labels;  // of number 1 first: its class

  std::int64_t size() const { return static_cast<std::int64_t>(labels.size()); }
};

/// Objects of every class but 0, numbered in the order of their first pixels, row by row.
Instances find_instances(const Mask& mask, const InstanceOptions& options = {});

/// Meyer's flooding (Meyer 1994, Topographic distance and watershed lines; Soille and Vincent 1990): from the `markers`
/// (H, W) i32, 0 where there is none, over all pixels of `domain` (H, W) u8 that is not 0, in the order of their
/// `relief` (H, W) f32, lowest first, and of their turn where it is equal. Pixels that no marker reaches stay 0. No
/// line is left between basins.
Tensor watershed(const Tensor& relief, const Tensor& markers, const Tensor& domain,
                 Connectivity connectivity = Connectivity::edges);

/// The maxima of `distances` (H, W) f32 over their eight neighbours, above 0, highest first, none within `distance`
/// pixels of one taken before it in the same region of `numbers` (H, W) i32: pixel indices.
std::vector<std::int64_t> separate_maxima(const Tensor& distances, const Tensor& numbers, double distance);

}  // namespace inlay
