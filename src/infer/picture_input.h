// From pixels to the numbers that a net reads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "inlay/channel_order.h"
#include "inlay/image.h"

namespace inlay {

/// Per channel of the net, of values in 0..1.
struct Normalisation {
  std::vector<double> mean, stddev;
  ChannelOrder order = ChannelOrder::rgb;
};

/// Writes the picture, with as many channels as `normalisation`, as (C, height, width) to `planes`: (value - mean) /
/// stddev, in the order of the net's channels, reflected beyond its bottom and right edges.
void fill_planes(const Image& image, const Normalisation& normalisation, std::int64_t height, std::int64_t width,
                 std::span<float> planes);

}  // namespace inlay
