// Pieces of pictures that a thread convolves at once: where their pixels lie as factors of products, and the products'
// results.
#pragma once

#include <vector>

#include "runtime/cpu/bf16x3/bf16x3.h"
#include "runtime/cpu/conv/problem.h"

namespace inlay {

/// A convolution forward, or backward to the data seen as one: x (n, h, w) -> y (n, oh, ow). Backward through windows
/// that lie side by side, it is a 1x1 convolution whose results are spread: each tap's to its own pixels.
struct Sweep {
  std::int64_t n, h, w, oh, ow, kh, kw;
  Size2 stride, dilation;
  std::int64_t top, left;
  Size2 spread = {1, 1};  // taps whose results go to pixels of their own
  std::int64_t band;      // columns of results that are computed together, a multiple of a tile's or all

  explicit Sweep(const ConvProblem& problem);

  /// Bands so narrow that some rows fit into the cache with the rows that the kernel sees around them.
  void divide_into_bands();

  /// Rows of results of all images, one after the other.
  std::int64_t rows() const { return n * oh; }
  std::int64_t bands() const { return (ow + band - 1) / band; }
  /// Of the window of that many rows of results: rows of x.
  std::int64_t window_rows(std::int64_t results) const { return (results - 1) * stride.h + (kh - 1) * dilation.h + 1; }
  /// Pixels in a row of the window: all that a row of a band needs.
  std::int64_t pitch() const { return (band - 1) * stride.w + (kw - 1) * dilation.w + 1; }
  std::int64_t taps() const { return kh * kw; }
};

/// Rows or columns of taps that see the picture.
struct TapRange {
  std::int64_t begin, end;
};

/// Rows of results of one image, from `first` on, and columns from `column` on: pixels from the start of the window to
/// theirs, and of the results.
struct Segment {
  std::int64_t image, first, rows, column, columns, window, result;
};

/// A tile is 16 results. They lie side by side in a row, or in the window seen as one line: then rows of any width fill
/// tiles, but results in the frame are computed for nothing. Whatever takes fewer tiles.
class SweepWindow {
 public:
  /// Of at most that many rows of results.
  SweepWindow(const Sweep& sweep, std::int64_t rows);

  /// Pixels that are needed at most: of the window, and of results.
  std::int64_t most_pixels() const { return most_pixels_; }
  std::int64_t most_results() const { return most_results_; }
  std::size_t most_tiles() const { return static_cast<std::size_t>(most_results_ / bf16x3::kBlock); }
  std::size_t most_segments() const { return most_segments_; }
  std::int64_t result_pitch() const { return result_pitch_; }

  /// Rows first..last-1 of all results, in one band.
  void segments(std::int64_t first, std::int64_t last, std::int64_t band, std::vector<Segment>& segments) const;
  void tiles(const std::vector<Segment>& segments, std::vector<bf16x3::First>& tiles) const;

 private:
  void add_tile(const Segment& segment, std::int64_t row, std::int64_t column, TapRange rows, TapRange columns,
                std::vector<bf16x3::First>& tiles) const;
  /// Of the results in rows first..last.
  TapRange rows_inside(std::int64_t first, std::int64_t last) const;

  Sweep sweep_;
  bool line_;
  std::int64_t result_pitch_, most_pixels_ = 0, most_results_ = 0;
  std::size_t most_segments_;
  std::vector<TapRange> columns_;  // of the tiles of a row
};

}  // namespace inlay
