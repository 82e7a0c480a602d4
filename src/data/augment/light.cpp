#include <algorithm>
#include <cmath>

#include "data/augment/simd/rows.h"
#include "data/augment/steps.h"

namespace inlay {
namespace {

/// value * factor + offset
struct Line {
  float factor = 1.0f, offset = 0.0f;
  Line then(const Line& next) const { return {factor * next.factor, offset * next.factor + next.offset}; }
};

/// Contrast about `mean`, and brightness.
Line about(float mean, float factor, float added) { return {factor, mean - mean * factor + added}; }

/// What the values are taken to lie in is 0..1, and more where they do.
struct Measured {
  std::vector<float> means;
  float mean = 0.0f, low = 0.0f, high = 1.0f;
};

Measured measure(const Patch& patch) {
  Measured out;
  for (std::size_t c = 0; c < patch.planes.size(); ++c) {
    const simd::Extent extent = simd::measure_plane(patch.plane(c));
    out.low = std::min(out.low, extent.least);
    out.high = std::max(out.high, extent.most);
    out.means.push_back(static_cast<float>(extent.sum / static_cast<double>(patch.pixels())));
    out.mean += out.means.back() / static_cast<float>(patch.channels());
  }
  return out;
}

}  // namespace

void change_light(const AugmentOptions& options, std::uint64_t key, const Patch& patch) {
  const bool line = options.brightness > 0.0 || options.contrast > 0.0 || options.channel_jitter > 0.0;
  if (!line && !(options.gamma > 0.0) && !(options.noise > 0.0)) return;
  Rng rng(stream_key(key, Stream::light));
  const auto draw = [&](double range) { return static_cast<float>(rng.uniform(-range, range)); };
  const float factor = std::exp(draw(options.contrast)), added = draw(options.brightness);
  const float exponent = std::exp(draw(options.gamma));
  const auto noise = static_cast<float>(options.noise * rng.uniform());

  const Measured measured = measure(patch);
  const float low = measured.low, range = measured.high - low;
  const Line to_unit{1.0f / range, -low / range};
  const Line common = to_unit.then(about((measured.mean - low) / range, factor, added));
  for (std::size_t c = 0; c < patch.planes.size(); ++c) {
    Line own = common;
    if (options.channel_jitter > 0.0) {
      const float channel_factor = std::exp(draw(options.channel_jitter)), channel_added = draw(options.channel_jitter);
      own = common.then(about(measured.means[c] * common.factor + common.offset, channel_factor, channel_added));
    }
    simd::light_plane(
        patch.plane(c),
        {.scale = own.factor, .offset = own.offset, .exponent = exponent, .noise = noise, .low = low, .range = range},
        mix_keys(stream_key(key, Stream::noise), c));
  }
}

}  // namespace inlay
