// A picture as strips of neighbouring pixels of one (batch item, channel block), for kernels with numbers of their own
// for every channel.
#pragma once

#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/kernel.h"
#include "runtime/cpu/stream.h"

namespace inlay {

/// Channel blocks `begin` to `end` of all batch items.
struct BlockRange {
  std::int64_t begin, end;
  std::int64_t count() const { return end - begin; }
};

struct Strips {
  static constexpr std::int64_t kFloats = 8192;  // of a strip

  explicit Strips(const Buffer& buffer) : block(buffer.block) {
    const Shape& s = buffer.type.shape;
    images = s[0], channels = s[1], pixels = s[2] * s[3];
    blocks = (channels + block - 1) / block;
    per_plane = (pixels * block + kFloats - 1) / kFloats;
  }

  struct Strip {
    std::int64_t channel;     // the block's first
    std::int64_t begin, end;  // in memory
  };

  BlockRange all() const { return {0, blocks}; }
  std::int64_t count(const BlockRange& range) const { return images * range.count() * per_plane; }
  std::int64_t elements(const BlockRange& range) const { return images * range.count() * pixels * block; }

  /// Strips of a range are counted by batch item, block, pixel.
  Strip strip(const BlockRange& range, std::int64_t index) const {
    const std::int64_t plane = index / per_plane, part = index % per_plane;
    const std::int64_t image = plane / range.count(), at = range.begin + plane % range.count();
    const std::int64_t first = (image * blocks + at) * pixels * block;
    return {at * block, first + pixels * part / per_plane * block, first + pixels * (part + 1) / per_plane * block};
  }

  std::int64_t images, channels, pixels, blocks, per_plane;
  int block;
};

/// out[i] = f(index i in memory, channel) for every element of the range; `streamed`: past the caches.
template <int B, class F>
void for_each_element(const Strips& strips, const BlockRange& range, float* out, const F& f, bool streamed = false) {
  parallel_ranges(
      strips.count(range),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          const Strips::Strip s = strips.strip(range, i);
          if constexpr (B == 1) {
#pragma omp simd
            for (std::int64_t k = s.begin; k < s.end; ++k) out[k] = f(k, s.channel);
          } else if (streamed) {
            for (std::int64_t k = s.begin; k < s.end; k += B) {
              alignas(64) float values[B];
#pragma omp simd
              for (int l = 0; l < B; ++l) values[l] = f(k + l, s.channel + l);
              stream(out + k, values, B);
            }
          } else {
            for (std::int64_t k = s.begin; k < s.end; k += B) {
#pragma omp simd
              for (int l = 0; l < B; ++l) out[k + l] = f(k + l, s.channel + l);
            }
          }
        }
        if (streamed) end_streaming();
      },
      strips.elements(range));
}

}  // namespace inlay
