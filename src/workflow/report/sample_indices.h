// Which images stand for all.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace inlay::workflow {

/// At most `most` of the images, spread evenly.
inline std::vector<std::int64_t> sample_indices(std::int64_t images, std::int64_t most) {
  std::vector<std::int64_t> indices;
  const std::int64_t count = std::min(most, images);
  for (std::int64_t i = 0; i < count; ++i) indices.push_back((2 * i + 1) * images / (2 * count));
  return indices;
}

}  // namespace inlay::workflow
