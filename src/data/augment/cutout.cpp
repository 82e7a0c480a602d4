#include <algorithm>
#include <cmath>

#include "data/augment/simd/rows.h"
#include "data/augment/steps.h"

namespace inlay {
namespace {

struct Hole {
  std::int64_t top, left, bottom, right;  // bottom and right lie outside
};

/// Its middle lies anywhere in the patch, so that the border is hidden as often as the rest.
Hole draw_hole(const Patch& patch, double largest, Rng& rng) {
  const auto draw = [&](std::int64_t side) {
    const double length = static_cast<double>(side) * largest * rng.uniform(0.25, 1.0);
    const double start = rng.uniform() * static_cast<double>(side) - length / 2.0;
    const auto first = std::clamp<std::int64_t>(std::llround(start), 0, side);
    return std::pair(first, std::clamp<std::int64_t>(std::llround(start + length), first, side));
  };
  const auto [top, bottom] = draw(patch.height);
  const auto [left, right] = draw(patch.width);
  return {top, left, bottom, right};
}

template <class T>
void fill(T* plane, std::int64_t width, const Hole& hole, T value) {
  for (std::int64_t y = hole.top; y < hole.bottom; ++y)
    std::fill(plane + y * width + hole.left, plane + y * width + hole.right, value);
}

}  // namespace

void cut_out(const AugmentOptions& options, std::uint64_t key, const Patch& patch) {
  Rng rng(stream_key(key, Stream::cutout));
  if (!rng.chance(options.cutout)) return;
  std::vector<float> means;
  for (std::size_t c = 0; c < patch.planes.size(); ++c)
    means.push_back(static_cast<float>(simd::measure_plane(patch.plane(c)).sum / static_cast<double>(patch.pixels())));
  const std::int64_t holes = 1 + rng.below(std::llround(options.cutout_holes));
  for (std::int64_t i = 0; i < holes; ++i) {
    const Hole hole = draw_hole(patch, options.cutout_size, rng);
    for (std::size_t c = 0; c < means.size(); ++c) fill(patch.planes[c], patch.width, hole, means[c]);
    if (options.cutout_ignore) fill(patch.labels, patch.width, hole, kIgnore);
  }
}

}  // namespace inlay
