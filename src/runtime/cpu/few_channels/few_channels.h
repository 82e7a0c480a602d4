// Convolutions of pictures of few channels, the first layer of a net: x is plain, y in the blocked layout of the
// vector. Some rows of x lie in a frame of zeros, the window, where a tap of the kernel is an offset; a number of it is
// multiplied with a vector of output channels, as many pixels at a time as there are registers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace inlay::few_channels {

/// Grey pictures, colours, and colours with one channel more.
constexpr std::int64_t kMostChannels = 4;
/// Pixels that forward() may compute beyond those that are asked for.
constexpr std::int64_t kSlack = 24;

/// Pixels of a row of y: pixel i sees, at each tap, window[i * step + taps[tap]].
struct Pixels {
  const float* window;
  std::ptrdiff_t step;
  std::span<const std::ptrdiff_t> taps;
  std::int64_t count;
};

/// Weights of a panel of `blocks` output channel blocks: [tap][block][lane]. Results: pixel by pixel of each block,
/// `result_block` floats from a block to the next.
struct ForwardCall {
  Pixels pixels;
  const float* packed;
  int blocks;
  float* results;
  std::ptrdiff_t result_block;
};

/// Sums over pixels of x times dy, added to [tap][output channel]; a row of them is `sums_row` floats.
struct GradientCall {
  Pixels pixels;
  const float* dy;
  std::ptrdiff_t dy_block;
  std::int64_t blocks;
  float* sums;
  std::ptrdiff_t sums_row;
};

struct Kernels {
  int block, panel;  // floats in a vector; the most output channel blocks of a forward call
  void (*forward)(const ForwardCall& call);
  void (*gradient)(const GradientCall& call);
};

/// Null where this processor has no vectors of that many floats.
const Kernels* kernels(int block);

}  // namespace inlay::few_channels
