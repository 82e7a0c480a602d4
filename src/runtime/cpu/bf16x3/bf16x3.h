// Convolutions in single precision on the matrix units of x86 processors (AMX), which multiply bf16: every number is
// split into two, high = bf16(v) and low = bf16(v - high), and a product is high * high + high * low + low * high,
// summed in single precision (Henry, Tang and Heinecke 2019, arXiv:1904.06376). Three products at sixteen times the
// rate of AVX-512's.
//
// Error, relative to the largest result, measured against double precision: below 1e-5 up to 1024 channels; of one
// product at most 2^-16. Infinities become NaN, and what is smaller than 1e-38 becomes zero.
//
// A tile is 16 rows of 64 bytes. As first factor, 16 rows of 32 numbers; as second factor, 32 rows of 16 numbers,
// where two rows lie in one, pair by pair; as sum, 16 x 16 floats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace inlay::bf16x3 {

constexpr std::int64_t kBlock = 16;     // channels of a block, pixels of a tile
constexpr std::int64_t kDepth = 32;     // numbers that one product sums over
constexpr std::ptrdiff_t kLine = 64;    // bytes of a row of a tile
constexpr std::ptrdiff_t kTile = 1024;  // bytes

/// Channel blocks of pixels side by side; read as max(0, (x - mean) * factor + shift) where `normal` says (see Plane).
struct Pixels {
  const float* data;
  const float* normal;
};

/// The weights of a tap from 32 input channels, or from 16 twice, to 16 output channels.
struct WeightTile {
  const float* weights;                   // of the tap
  std::ptrdiff_t output, input;           // floats from one channel to the next
  std::span<const std::int64_t> inputs;   // 32 or 16; -1: zeros
  std::span<const std::int64_t> outputs;  // 16
};

/// A picture in a frame of zeros, line after line: `rows` rows of `pitch` pixels, an even number, of which the pixel at
/// row r and column c is data[(r * down - top) * width + c * right - left] where that is inside; then zeros up to
/// `count` pixels, a multiple of kDepth.
struct Frame {
  Pixels pixels;
  std::int64_t height, width, top, left, rows, pitch, count;
  std::int64_t down = 1, right = 1;
};

/// What is summed over: columns of a row of taps, rows of them, units of channels. Where a unit begins in the first and
/// in the second factors, and how many columns it has; `low` is kBothHalves where a first factor holds both halves.
constexpr std::ptrdiff_t kBothHalves = -1;
struct Unit {
  std::ptrdiff_t high, low, second;
  std::int64_t columns;
};

/// A first factor, which makes 16 rows of sums: where it lies, floats to its sums, and the taps that may be other than
/// zero.
struct First {
  std::ptrdiff_t place, sums;
  std::int64_t row_begin, row_end, column_begin, column_end;
};

/// A second factor, which makes 16 columns of sums: where it lies, and floats to its sums.
struct Second {
  std::ptrdiff_t place, sums;
};

/// Every first factor with every second one.
struct ProductCall {
  const std::byte* first_data;
  std::ptrdiff_t first_line;               // bytes from a row of a first factor to the next
  std::ptrdiff_t first_row, first_column;  // bytes to that of the next row and column of taps
  const std::byte* second_data;
  std::ptrdiff_t second_row, second_column, second_low;  // the same, and from high to low halves
  std::span<const Unit> units;
  std::span<const First> firsts;
  std::span<const Second> seconds;
  float* sums;
  bool add;                               // to the sums
  std::span<const std::byte> ahead = {};  // to be fetched into the second-level cache meanwhile
};

struct Kernels {
  /// Pixels as first factors, kLine bytes each: of two blocks the high halves, and the low ones elsewhere; of one block
  /// both halves, with null for the second one's data and for `low`.
  void (*split_pixels)(Pixels first, Pixels second, std::int64_t count, std::byte* high, std::byte* low);
  /// Second factors for split_pixels(), a tile each of high and low halves.
  void (*pack_weights)(const WeightTile& tile, std::byte* high, std::byte* low);
  /// A channel block with channels as the rows of first factors, `row` bytes from one to the next.
  void (*split_channels)(const Frame& frame, std::ptrdiff_t row, std::byte* high, std::byte* low);
  /// A channel block with pixels as the rows of second factors: a line for every two of them. The low halves lie
  /// `low` bytes after the high ones, and a copy that begins a pixel later lies `later` bytes after all; 0: none.
  void (*split_pairs)(const Frame& frame, std::ptrdiff_t low, std::ptrdiff_t later, std::byte* high);
  void (*multiply)(const ProductCall& call);
};

/// Null where this processor, the system or INLAY_ISA has no matrix units, and for other blocks than kBlock.
const Kernels* kernels(int block);

}  // namespace inlay::bf16x3
