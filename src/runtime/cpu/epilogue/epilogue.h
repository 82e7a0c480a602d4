// What a convolution of our own does to its results while it writes them: bias, sum and activation; sums for batch
// norm; 2x2 max-pooling.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace inlay {

/// How a plane is read: as it is; or it has half the height and width, and is read up-sampled by two (half_pixel).
enum class UpSampled : std::uint8_t { no, nearest, bilinear };

/// One channel block of a picture: (H, W, block) of the first image, and the floats to the next image. As input, the
/// pixels that its windows are moved by; and means, factors and shifts, one of each a lane: it is read as
/// max(0, (x - mean) * factor + shift). Null: as it is. What that gives is up-sampled.
struct Plane {
  float* data;
  std::ptrdiff_t image;
  std::int64_t down = 0, right = 0;
  const float* normal = nullptr;
  UpSampled up = UpSampled::no;
};

/// Sums over the pixels of an output channel block, about a pivot of each lane; a count of 0 starts them.
struct PixelSums {
  static constexpr int kMostLanes = 16;
  std::int64_t count = 0;
  float pivots[kMostLanes];
  double sums[kMostLanes], squares[kMostLanes];
};

/// Where results go and what is done to them on the way.
struct Output {
  std::span<const Plane> y;
  const float* bias;             // one for each output channel, zeros between; null: none
  std::span<const Plane> other;  // added to y; empty: nothing
  const float* slopes;           // of values below zero, as the bias; null: relu says
  bool relu;
  /// Of each output channel block, added to, without activation: sums of y and of its squares; with `other`, the x of a
  /// batch norm whose ReLU's gradient y is, of what ReLU keeps and of that times (other - mean), by the numbers of y's
  /// planes. Null: not wanted.
  PixelSums* measured;
  std::span<const Plane> pooled;  // without `other` and sums: the largest of every 2x2 pixels of y; empty: not wanted
  bool written;                   // y itself is wanted
  bool stream;                    // past the caches: y is too large to be there when it is read
};

/// Pixels side by side: floats from the start of an output plane's first image to the first of them, and from the start
/// of the results. Where a pooled picture is wanted rows come in pairs, and the first of each says where theirs goes.
struct OutputRow {
  std::ptrdiff_t picture, result, pooled = 0;
};

/// Writes rows of `pixels` pixels of an output channel block, `step` floats from one to the next in y, from results
/// that lie pixel by pixel. The caller ends the streaming (runtime/cpu/stream.h) before others read.
using WriteRows = void (*)(const Output& output, std::int64_t block, std::span<const OutputRow> rows,
                           std::int64_t pixels, std::ptrdiff_t step, const float* results);

/// Null where this processor has no vectors of that many floats.
WriteRows write_rows(int block);

}  // namespace inlay
