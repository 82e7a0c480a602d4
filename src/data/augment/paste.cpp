#include "data/augment/paste.h"

#include <cmath>

#include "data/augment/steps.h"
#include "inlay/regions.h"

namespace inlay {
namespace {

/// The warp that shows the source's pixel `from` at the patch's pixel `to`.
Warp warp_onto(const AugmentOptions& options, const Image& source, const Patch& patch, const Focus& from,
               const Focus& to, Rng& rng) {
  Warp warp = draw_warp(options, source, patch.height, patch.width, rng);
  const double v = static_cast<double>(to.y) - static_cast<double>(patch.height - 1) / 2.0;
  const double u = static_cast<double>(to.x) - static_cast<double>(patch.width - 1) / 2.0;
  warp.center_y = static_cast<double>(from.y) - warp.matrix[0] * v - warp.matrix[1] * u;
  warp.center_x = static_cast<double>(from.x) - warp.matrix[2] * v - warp.matrix[3] * u;
  return warp;
}

/// A patch with memory of its own.
struct Donor {
  Tensor planes;
  Mask mask;
  Patch patch;

  Donor(const Patch& like)
      : planes(DType::f32, {like.channels(), like.height, like.width}),
        mask{Tensor(DType::u8, {like.height, like.width})},
        patch{like.height, like.width, {}, mask.labels.data<std::uint8_t>().data()} {
    for (std::int64_t c = 0; c < like.channels(); ++c)
      patch.planes.push_back(planes.data<float>().data() + c * like.pixels());
  }
};

void paste_region(const Donor& donor, const Focus& inside, const Patch& patch) {
  const Tensor numbers = connected_regions(donor.mask, Connectivity::edges).numbers;
  const std::span<const std::int32_t> number = numbers.data<std::int32_t>();
  const std::int32_t wanted = number[static_cast<std::size_t>(inside.y * patch.width + inside.x)];
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (number[i] != wanted) continue;
    patch.labels[i] = donor.patch.labels[i];
    for (std::size_t c = 0; c < patch.planes.size(); ++c) patch.planes[c][i] = donor.patch.planes[c][i];
  }
}

}  // namespace

void paste_regions(const AugmentOptions& options, const ClassPlaces& places, std::int64_t own,
                   const std::function<Sample(std::int64_t)>& read, std::uint64_t key, const Patch& patch) {
  Rng rng(stream_key(key, Stream::paste));
  if (!rng.chance(options.copy_paste) || !places.has_rare()) return;
  Donor donor(patch);
  const std::int64_t regions = 1 + rng.below(std::llround(options.paste_regions));
  for (std::int64_t i = 0; i < regions; ++i) {
    const std::uint8_t label = places.draw_rare(rng);
    const ClassPlaces::Place place = places.draw_of(label, rng);
    const Focus to{rng.below(patch.height), rng.below(patch.width)};
    if (place.image == own) continue;
    const Sample sample = read(place.image);
    resample(sample, warp_onto(options, sample.image, patch, place.focus, to, rng), donor.patch);
    // An elastic warp may have moved the pixel away.
    if (donor.patch.labels[to.y * patch.width + to.x] == label) paste_region(donor, to, patch);
  }
}

}  // namespace inlay
