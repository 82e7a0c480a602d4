// Gaussian blur, along columns and then along rows, reflected at the border.
#include <cmath>

#include "data/augment/steps.h"

namespace inlay {
namespace {

/// Weights of the pixels 0, 1, ... away; their sum over both sides is 1.
std::vector<float> gaussian(double sigma) {
  const auto reach = static_cast<int>(std::ceil(3.0 * sigma));
  std::vector<double> weights;
  double sum = 0.0;
  for (int i = 0; i <= reach; ++i) {
    weights.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
    sum += (i == 0 ? 1.0 : 2.0) * weights.back();
  }
  std::vector<float> out;
  for (double weight : weights) out.push_back(static_cast<float>(weight / sum));
  return out;
}

/// Adds whole rows to each other: the inner loop runs along the memory.
void blur_columns(std::span<const float> from, std::int64_t height, std::int64_t width, std::span<const float> weights,
                  std::span<float> to) {
  for (std::int64_t y = 0; y < height; ++y) {
    float* out = to.data() + y * width;
    const float* middle = from.data() + y * width;
    for (std::int64_t x = 0; x < width; ++x) out[x] = weights[0] * middle[x];
    for (std::size_t i = 1; i < weights.size(); ++i) {
      const auto away = static_cast<std::int64_t>(i);
      const float* above = from.data() + reflect_index(y - away, height) * width;
      const float* below = from.data() + reflect_index(y + away, height) * width;
      for (std::int64_t x = 0; x < width; ++x) out[x] += weights[i] * (above[x] + below[x]);
    }
  }
}

void blur_rows(std::span<const float> from, std::int64_t width, std::span<const float> weights, std::span<float> to) {
  const auto reach = static_cast<std::int64_t>(weights.size()) - 1;
  std::vector<float> line(static_cast<std::size_t>(width + 2 * reach));
  for (std::size_t row = 0; row < from.size(); row += static_cast<std::size_t>(width)) {
    for (std::int64_t x = -reach; x < width + reach; ++x)
      line[static_cast<std::size_t>(x + reach)] = from[row + static_cast<std::size_t>(reflect_index(x, width))];
    const float* middle = line.data() + reach;
    float* out = to.data() + row;
    for (std::int64_t x = 0; x < width; ++x) out[x] = weights[0] * middle[x];
    for (std::int64_t i = 1; i <= reach; ++i)
      for (std::int64_t x = 0; x < width; ++x)
        out[x] += weights[static_cast<std::size_t>(i)] * (middle[x - i] + middle[x + i]);
  }
}

}  // namespace

void blur(const AugmentOptions& options, std::uint64_t key, const Patch& patch) {
  constexpr double kLeast = 0.1;  // pixels; less changes nothing that could be seen
  Rng rng(stream_key(key, Stream::blur));
  if (!rng.chance(options.blur)) return;
  const double sigma = options.blur_sigma * rng.uniform();
  if (sigma < kLeast) return;
  const std::vector<float> weights = gaussian(sigma);
  std::vector<float> between(static_cast<std::size_t>(patch.pixels()));
  for (std::size_t c = 0; c < patch.planes.size(); ++c) {
    blur_columns(patch.plane(c), patch.height, patch.width, weights, between);
    blur_rows(between, patch.width, weights, patch.plane(c));
  }
}

}  // namespace inlay
