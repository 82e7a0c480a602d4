// Convolutions whose windows do not overlap: the kernel is as large as the stride and nothing is padded. 1x1
// convolutions; 2x2 of stride 2 and its transpose, the up-sampling of U-Nets. They are plain products of matrices with
// a row for each pixel of y: of y itself, or of the patches of x. x is (n, k * oh, k * ow), y (n, oh, ow), in the
// blocked layout of the vector.
//
// Channel blocks of a picture lie a plane apart, often a power of two, so that they fall into the same few cache sets:
// some pixels are copied side by side first (Goto and van de Geijn 2008), and multiplied while the second-level cache
// holds them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace inlay::patches {

struct Sizes {
  std::int64_t n, oh, ow, k;
  std::int64_t x_blocks, y_blocks;

  std::int64_t taps() const { return k * k; }
  std::int64_t pixels() const { return n * oh * ow; }
  /// Channel blocks of a patch: [row of the patch][block][column], so that neighbours lie side by side in x.
  std::int64_t units() const { return taps() * x_blocks; }
  std::ptrdiff_t y_plane(int block) const { return oh * ow * block; }
  std::ptrdiff_t x_plane(int block) const { return taps() * oh * ow * block; }
};

struct PackCall {
  Sizes sizes;
  std::int64_t c, m;     // channels of x and y
  const float* weights;  // (m, c, k, k)
  bool to_y;             // for products with patches of x, else with pixels of y
  float* packed;         // units x blocks of y, times the block squared
};

struct Call {
  Sizes sizes;
  bool to_y;
  const float* from;
  float* to;
  std::span<const std::ptrdiff_t> inputs, outputs;  // from a pixel, or a patch's corner, to its channel blocks
  const float* packed;
  const float* bias;    // one for each channel of `outputs`; null: none
  const float* other;   // added to the result, of its layout; null: nothing
  const float* slopes;  // of values below zero, as the bias; null: relu says
  bool relu;
  bool stream;  // past the caches: the result is too large to be there when it is read
};

/// The most likely channel of each pixel of the result, in place of the result.
struct Labels {
  std::int64_t classes;
  std::uint8_t* to;  // (n, height, width)
};

struct GradientCall {
  Sizes sizes;
  const float *x, *y;
  std::span<const std::ptrdiff_t> units, y_blocks;  // as for Call
  float* sums;                                      // units x block x channels of y
};

/// Pixels that are copied at once: whole steps of every product.
constexpr std::int64_t kPixels = 120;
/// Channels that are multiplied before the sums go to memory.
constexpr std::int64_t kChannels = 512;

/// Floats that a thread needs for multiply(), and for gradient().
constexpr std::int64_t multiply_scratch(std::int64_t inputs, std::int64_t outputs, int block) {
  const std::int64_t sums = inputs * block > kChannels ? outputs * block : 0;
  return kPixels * (std::min(inputs * block, kChannels) + sums);
}

/// For label().
constexpr std::int64_t label_scratch(std::int64_t inputs, std::int64_t outputs, int block) {
  return kPixels * outputs * block + multiply_scratch(inputs, outputs, block);
}

constexpr std::int64_t gradient_scratch(std::int64_t y_blocks, int block) { return kPixels * (1 + y_blocks) * block; }

/// The functions of one instruction set. Pixels are those of y, image by image.
struct Kernels {
  int block;
  /// Panels of a few blocks of the result; panels() of them.
  void (*pack)(const PackCall&, std::int64_t begin, std::int64_t end);
  std::int64_t (*panels)(std::int64_t outputs);
  void (*multiply)(const Call&, std::int64_t begin, std::int64_t end, float* scratch);
  /// The same with labels alone written. call.outputs: units kPixels blocks apart; call.to is not read.
  void (*label)(const Call&, const Labels&, std::int64_t begin, std::int64_t end, float* scratch);
  /// Adds the pixels begin..end-1 to the sums of the units first..last-1, or starts them.
  void (*gradient)(const GradientCall&, std::int64_t begin, std::int64_t end, std::int64_t first, std::int64_t last,
                   float* scratch);
};

/// Null where this processor has no vectors of that many floats.
const Kernels* kernels(int block);

}  // namespace inlay::patches
