// Winograd's convolutions F(4x4, 3x3) and F(6x6, 3x3): stride 1, any padding, pictures in the blocked layout whose
// block is the vector. A tile of 4x4 outputs costs 36 multiplications instead of 144, one of 6x6 64 instead of 324
// (Lavin and Gray 2016).
//
// A larger kernel is a sum of pieces of 3x3, each of which sees the picture from another pixel on: to the products they
// are more input channels. A 7x7 kernel costs 9 * 36 multiplications a tile of 4x4 instead of 784. A dilated one is the
// same convolution on each of the pictures that keep every d-th pixel.
//
// Error, relative to the largest result, measured against double precision: below 4e-6 up to 1024 channels; of tiles of
// 6x6 below 2e-5, tested up to 500.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/cpu/epilogue/epilogue.h"

namespace inlay::winograd {

/// Inputs of a tile in a line, and points that it is transformed to.
template <int Tile>
constexpr int kWindow = Tile + 2;
template <int Tile>
constexpr int kPoints = kWindow<Tile>* kWindow<Tile>;

/// The tiles of a convolution x (n, h, w) -> y (n, oh, ow) with that dilation: row by row, one set of every dilated
/// pixel after the other, image by image. `size` is 4 or 6.
struct Tiles {
  std::int64_t size, n, h, w, oh, ow, top, left;
  std::int64_t dilation_h = 1, dilation_w = 1;

  std::int64_t sets_h() const { return dilation_h < oh ? dilation_h : oh; }
  std::int64_t sets_w() const { return dilation_w < ow ? dilation_w : ow; }
  std::int64_t down() const { return (oh + size * dilation_h - 1) / (size * dilation_h); }
  std::int64_t across() const { return (ow + size * dilation_w - 1) / (size * dilation_w); }
  std::int64_t count() const { return n * sets_h() * sets_w() * down() * across(); }
};

/// Where a weight lies: floats from one output channel, and one input channel, to the next; the kernel's size.
struct WeightLayout {
  std::ptrdiff_t output, input;
  std::int64_t kh, kw;
  bool turned = false;  // by 180 degrees: the convolution backwards

  /// The place of weight (y, x); -1 when the kernel ends before it.
  std::ptrdiff_t tap(std::int64_t y, std::int64_t x) const {
    if (y >= kh || x >= kw) return -1;
    return turned ? (kh - 1 - y) * kw + kw - 1 - x : y * kw + x;
  }
};

/// Channels in memory order; -1 where a block is filled up with zeros.
using Channels = std::vector<std::int64_t>;

/// An input channel with the first weight of the kernel's piece that it goes through.
struct Input {
  std::int64_t channel, y, x;
};

struct PackCall {
  const float* weights;
  WeightLayout layout;
  std::span<const Input> inputs;
  std::span<const std::int64_t> outputs;
  float* packed;  // for each point pair_stride()
  bool stream;    // past the caches
};

struct ForwardCall {
  Tiles tiles;
  std::span<const Plane> x;
  /// x may be a part of all inputs, which are this many channels: the one after `first_input`. Then the products of a
  /// group are kept and added to, `group_products` floats from one to the next, until the last part.
  std::int64_t inputs, first_input;
  std::ptrdiff_t group_products;
  bool last_part;
  const float* packed;  // of all inputs
  Output output;
  std::int64_t tiles_at_once;
  std::int64_t group_blocks;  // output channel blocks, whole panels, multiplied before they are transformed back
};

struct WeightGradCall {
  Tiles tiles;
  std::span<const Plane> x, dy;
  std::span<const Input> inputs;
  std::span<const std::int64_t> outputs;
  float* weights;
  WeightLayout layout;
  std::int64_t tiles_at_once;
  float *x_points, *dy_points;         // transformed tiles
  std::ptrdiff_t x_stride, dy_stride;  // from a point to the next
  float* sums;                         // for each point pair_stride()
};

/// Numbers of one point of all pairs of channels, with a line between points (see point_stride).
constexpr std::ptrdiff_t pair_stride(std::size_t inputs, std::size_t outputs) {
  return static_cast<std::ptrdiff_t>(inputs * outputs) + 16;
}

/// The functions of one instruction set and size of tiles. They work on ranges, so that threads share the work as they
/// like.
struct Kernels {
  int block, panel, points;  // floats in a vector; vectors that are multiplied together; numbers of a transformed tile
  int tile_step;             // tiles that are a whole number of steps of every product
  /// Rows of packed weights, one for each input channel.
  void (*pack)(const PackCall&, std::int64_t begin, std::int64_t end);
  /// Points of the tiles first..last-1 of the input channel blocks begin..end-1.
  void (*input_points)(const ForwardCall&, std::int64_t first, std::int64_t last, std::int64_t begin, std::int64_t end,
                       float* points);
  /// From all their points, the tiles first..last-1 of the groups begin..end-1 of output channels.
  /// Meanwhile the tiles last..ahead-1 are fetched from memory.
  void (*output_groups)(const ForwardCall&, std::int64_t first, std::int64_t last, std::int64_t begin, std::int64_t end,
                        const float* points, float* products, std::int64_t ahead);
  /// Transforms tiles first..last-1 of the channel blocks begin..end-1; blocks of dy come after those of x.
  void (*gradient_tiles)(const WeightGradCall&, std::int64_t first, std::int64_t last, std::int64_t begin,
                         std::int64_t end);
  /// Multiplies the tiles first..last-1, for the units begin..end-1 of points x blocks of x; adds to the sums or
  /// starts them. Meanwhile the tiles last..ahead-1 are fetched from memory.
  void (*gradient_products)(const WeightGradCall&, std::int64_t first, std::int64_t last, std::int64_t begin,
                            std::int64_t end, bool add, std::int64_t ahead);
  /// Weights of the input channels begin..end-1, from `parts` sums that lie `part` floats apart.
  void (*gradient_weights)(const WeightGradCall&, std::int64_t parts, std::ptrdiff_t part, std::int64_t begin,
                           std::int64_t end);
};

/// For tiles of 4x4 or 6x6. Null where this processor has no vectors of that many floats.
const Kernels* kernels(int block, std::int64_t tile);

/// Transformed tiles lie [point][block][tile][lane], with a line between points, which keeps the numbers of a tile
/// out of each other's cache sets.
constexpr std::ptrdiff_t point_stride(std::int64_t blocks, int block, std::int64_t tiles_at_once) {
  return blocks * tiles_at_once * block + 16;
}

}  // namespace inlay::winograd
