// Convolutions whose windows do not overlap: the kernel is as large as the stride and nothing is padded. 1x1
// convolutions; 2x2 of stride 2 and its transpose, the up-sampling of U-Nets. They are plain products of pixels and
// weights, read and written in place. x is (n, k * oh, k * ow), y (n, oh, ow), in the blocked layout of the vector.
#pragma once

#include <cstddef>
#include <cstdint>

namespace inlay::patches {

struct Sizes {
  std::int64_t n, oh, ow, k;
  std::int64_t x_blocks, y_blocks;

  std::int64_t taps() const { return k * k; }
  std::int64_t rows() const { return n * oh; }
  std::ptrdiff_t y_plane(int block) const { return oh * ow * block; }
  std::ptrdiff_t x_plane(int block) const { return taps() * oh * ow * block; }
};

struct PackCall {
  Sizes sizes;
  std::int64_t c, m;     // channels of x and y
  const float* weights;  // (m, c, k, k)
  bool to_y;             // for forward, else for backward
  float* packed;         // taps x channels of x x channels of y, in whole blocks
};

struct Call {
  Sizes sizes;
  float *x, *y;
  const float* packed;
  const std::ptrdiff_t* inputs;  // from a pixel to the blocks it is multiplied from: all taps' for forward
  const float* bias;             // one for each channel of the result, in whole blocks; null: none
  bool relu;
  bool stream;  // past the caches: the result is too large to be there when it is read
};

struct GradientCall {
  Sizes sizes;
  const float *x, *y;
  float* sums;  // taps x channels of x x channels of y
};

/// The functions of one instruction set. Rows are those of y, image by image.
struct Kernels {
  int block;
  void (*pack)(const PackCall&);
  void (*forward)(const Call&, std::int64_t begin, std::int64_t end);
  void (*backward)(const Call&, std::int64_t begin, std::int64_t end);
  /// Adds the rows begin..end-1 to the sums of the units first..last-1 of taps x blocks of x, or starts them.
  void (*gradient)(const GradientCall&, std::int64_t begin, std::int64_t end, std::int64_t first, std::int64_t last);
};

/// Null where this processor has no vectors of that many floats.
const Kernels* kernels(int block);

}  // namespace inlay::patches
