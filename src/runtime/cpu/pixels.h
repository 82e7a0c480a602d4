// A plain (N, C, H, W) tensor as chunks of neighbouring pixels, for kernels that look along the channels of each pixel:
// the inner loop runs over the pixels of a chunk, which stay in the nearest cache.
#pragma once

#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/kernel.h"

namespace inlay {

struct Pixels {
  static constexpr std::int64_t kChunk = 256;

  explicit Pixels(const Shape& s)
      : images(s[0]), channels(s[1]), plane(s[2] * s[3]), chunks((plane + kChunk - 1) / kChunk) {}

  struct Chunk {
    std::int64_t index;  // of all chunks
    std::int64_t pixel;  // the first one's place in (N, H, W)
    std::int64_t value;  // its channel 0's place in (N, C, H, W)
    std::int64_t size;
  };

  std::int64_t chunk_count() const { return images * chunks; }

  Chunk chunk(std::int64_t index) const {
    const std::int64_t image = index / chunks, first = index % chunks * kChunk;
    return {index, image * plane + first, image * channels * plane + first, std::min(kChunk, plane - first)};
  }

  template <class Body>
  void for_each_chunk(const Body& body) const {
    parallel_ranges(
        chunk_count(),
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) body(chunk(i));
        },
        images * channels * plane);
  }

  std::int64_t images, channels, plane, chunks;
};

/// e[k] = e^(x[k] - max over k) of each pixel of a chunk; fills `largest` and `sum` of the exponentials. `e` may be
/// null.
void chunk_exponentials(const Pixels& pixels, const Pixels::Chunk& chunk, const float* x, float* e, float* largest,
                        float* sum);

}  // namespace inlay
