#include "data/boundary_weights.h"

#include <cmath>

#include "inlay/distance.h"

namespace inlay {
namespace {

/// (H, W) u8: 1 at pixels that share an edge with one of another class.
Tensor boundary_pixels(const Mask& mask) {
  const std::int64_t height = mask.height(), width = mask.width();
  const std::uint8_t* labels = mask.labels.data<std::uint8_t>().data();
  Tensor result(DType::u8, {height, width});
  std::uint8_t* found = result.data<std::uint8_t>().data();
  const auto compare = [&](std::int64_t a, std::int64_t b) {
    if (labels[a] != labels[b] && labels[a] != kIgnore && labels[b] != kIgnore) found[a] = found[b] = 1;
  };
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      if (x + 1 < width) compare(y * width + x, y * width + x + 1);
      if (y + 1 < height) compare(y * width + x, (y + 1) * width + x);
    }
  return result;
}

}  // namespace

Tensor boundary_weights(const Mask& mask, const BorderWeights& weights) {
  Tensor result = distances_to(boundary_pixels(mask));
  const auto w0 = static_cast<float>(weights.w0);
  const auto scale = static_cast<float>(-1 / (2 * weights.sigma * weights.sigma));
  for (float& value : result.data<float>()) value = w0 * std::exp(scale * value * value);
  return result;
}

}  // namespace inlay
