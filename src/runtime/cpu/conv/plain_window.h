// Plain pictures as the kernels for few channels see them: some rows at a time, in a frame of zeros.
#pragma once

#include <algorithm>
#include <vector>

#include "ops/conv_geometry.h"
#include "runtime/cpu/few_channels/few_channels.h"

namespace inlay {

/// Rows of results of one image.
struct ImageRows {
  std::int64_t image, first, count;
};

/// Plain x around some rows of results, in a frame of zeros.
class PlainWindow {
 public:
  /// Of at most that many rows.
  PlainWindow(const ConvGeometry& geometry, std::int64_t rows);

  std::size_t floats() const;
  void fill(const float* x, const ImageRows& rows, float* window) const;
  /// What row `row` of those rows of results sees, from `column` on.
  few_channels::Pixels pixels(const float* window, std::int64_t row, std::int64_t column, std::int64_t count) const;

 private:
  ConvGeometry geometry_;
  std::int64_t rows_, pitch_;
  std::vector<std::ptrdiff_t> taps_;
};

/// Calls body(rows) for the rows first..last-1 of all images, at most `most` at a time.
template <class Body>
void for_each_rows(const ConvGeometry& g, std::int64_t first, std::int64_t last, std::int64_t most, Body&& body) {
  for (std::int64_t row = first; row < last;) {
    const std::int64_t y = row % g.oh, count = std::min({most, last - row, g.oh - y});
    body(ImageRows{row / g.oh, y, count});
    row += count;
  }
}

}  // namespace inlay
