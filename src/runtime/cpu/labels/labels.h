// The most likely class of pixels whose logits lie in the blocked layout of the vector.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inlay::labels {

struct Logits {
  const float* first;         // block 0 of the first pixel; the next pixel's is a block further
  std::ptrdiff_t block_step;  // floats from a channel block to the next
  std::int64_t classes;       // 1: the label is whether the logit is above 0
};

struct Kernels {
  int block;
  /// One byte for each of `count` pixels.
  void (*most_likely)(const Logits&, std::int64_t count, std::uint8_t* labels);
};

/// Null where this processor has no vectors of that many floats.
const Kernels* kernels(int block);

}  // namespace inlay::labels
