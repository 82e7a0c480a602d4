// Numbers as colours.
#pragma once

#include <span>

#include "inlay/image.h"

namespace inlay {

/// From black over violet, red and orange to pale yellow, evenly brighter: matplotlib's "inferno". 0..1.
Color heat_color(double value);

/// Which numbers are darkest and brightest; `high` may be the smaller one.
struct HeatRange {
  float low = 0, high = 0;
};

/// Without the lowest and the highest 0.5 % of the numbers, so that a few do not darken all others.
HeatRange heat_range(std::span<const float> numbers);

/// (height, width, 3). Numbers beyond the range take the colours of its ends. Where it is empty, and for numbers that
/// are not finite: black.
Image heat_map(std::span<const float> numbers, std::int64_t height, std::int64_t width, const HeatRange& range);

/// The picture in dark grey; where `strength` (one a pixel, -1..1) is above 0 it takes on the class's colour, where it
/// is below 0 it goes black. A black class is shown in light grey.
Image class_heat(const Image& picture, std::span<const float> strength, const Color& color);

}  // namespace inlay
