#include "runtime/cpu/conv/sweep.h"

#include <algorithm>

namespace inlay {
namespace {

using bf16x3::kBlock;

std::int64_t in_tiles(std::int64_t pixels) { return (pixels + kBlock - 1) / kBlock * kBlock; }

/// Of `taps` taps, those that see a picture of `size` pixels from any of the results first..last.
TapRange taps_inside(std::int64_t first, std::int64_t last, std::int64_t stride, std::int64_t dilation,
                     std::int64_t padding, std::int64_t taps, std::int64_t size) {
  TapRange range{taps, 0};
  for (std::int64_t tap = 0; tap < taps; ++tap) {
    const std::int64_t from = first * stride - padding + tap * dilation, to = last * stride - padding + tap * dilation;
    if (to < 0 || from >= size) continue;
    range = {std::min(range.begin, tap), tap + 1};
  }
  return range;
}

}  // namespace

Sweep::Sweep(const ConvProblem& p)
    : n(p.geometry.n),
      h(p.geometry.h),
      w(p.geometry.w),
      oh(p.geometry.oh),
      ow(p.geometry.ow),
      kh(p.geometry.kh),
      kw(p.geometry.kw),
      stride(p.geometry.stride),
      dilation(p.geometry.dilation),
      top(p.geometry.padding.top),
      left(p.geometry.padding.left),
      band(ow) {
  if (p.direction != ConvDirection::backward_data) return;
  std::swap(h, oh);
  std::swap(w, ow);
  band = ow;
  if (side_by_side(p.geometry)) {
    oh = h, ow = band = w;
    spread = {kh, kw};
    kh = kw = 1;
    stride = {1, 1};
    return;
  }
  top = (kh - 1) * dilation.h - top;
  left = (kw - 1) * dilation.w - left;
}

void Sweep::divide_into_bands() {
  constexpr std::int64_t kBand = 128, kWide = 192;
  const std::int64_t around = (kw - 1) * dilation.w;
  if (taps() == 1 || ow <= kWide || around > kBand / 4) return;
  const std::int64_t count = (ow + kBand - 1) / kBand;
  band = in_tiles((ow + count - 1) / count);
}

SweepWindow::SweepWindow(const Sweep& sweep, std::int64_t rows)
    : sweep_(sweep), most_segments_(static_cast<std::size_t>((rows + sweep.oh - 2) / sweep.oh + 1)) {
  const std::int64_t most = std::min(rows, sweep.oh), pitch = sweep.pitch();
  const std::int64_t by_line = in_tiles((most - 1) * pitch + sweep.band), by_row = most * in_tiles(sweep.band);
  line_ = sweep.stride == Size2{1, 1} && by_line < by_row;
  result_pitch_ = line_ ? pitch : in_tiles(sweep.band);
  for (std::int64_t column = 0; column < sweep.ow; column += kBlock)
    columns_.push_back(taps_inside(column, std::min(column + kBlock, sweep.ow) - 1, sweep.stride.w, sweep.dilation.w,
                                   sweep.left, sweep.kw, sweep.w));
  const auto segments = static_cast<std::int64_t>(most_segments_);
  // The last tile of a segment reads on.
  most_pixels_ = (rows * sweep.stride.h + segments * sweep.window_rows(1)) * pitch + kBlock * sweep.stride.w;
  most_results_ = rows * result_pitch_ + segments * kBlock;
}

void SweepWindow::segments(std::int64_t first, std::int64_t last, std::int64_t band,
                           std::vector<Segment>& segments) const {
  segments.clear();
  const std::int64_t column = band * sweep_.band, columns = std::min(sweep_.band, sweep_.ow - column);
  std::int64_t window = 0, result = 0;
  for (std::int64_t row = first; row < last;) {
    const std::int64_t y = row % sweep_.oh, rows = std::min(last - row, sweep_.oh - y);
    segments.push_back({row / sweep_.oh, y, rows, column, columns, window, result});
    window += sweep_.window_rows(rows) * sweep_.pitch();
    result += in_tiles((rows - 1) * result_pitch_ + columns);
    row += rows;
  }
}

void SweepWindow::tiles(const std::vector<Segment>& segments, std::vector<bf16x3::First>& tiles) const {
  tiles.clear();
  for (const Segment& segment : segments) {
    if (line_) {
      const std::int64_t end = (segment.rows - 1) * result_pitch_ + segment.columns;
      for (std::int64_t at = 0; at < end; at += kBlock) {
        const std::int64_t row = at / result_pitch_, column = at % result_pitch_;
        const std::int64_t last = std::min(segment.rows - 1, row + (column + kBlock - 1) / result_pitch_);
        add_tile(segment, row, column, rows_inside(segment.first + row, segment.first + last), {0, sweep_.kw}, tiles);
      }
      continue;
    }
    for (std::int64_t row = 0; row < segment.rows; ++row) {
      const TapRange rows = rows_inside(segment.first + row, segment.first + row);
      for (std::int64_t column = 0; column < segment.columns; column += kBlock)
        add_tile(segment, row, column, rows, columns_[static_cast<std::size_t>((segment.column + column) / kBlock)],
                 tiles);
    }
  }
}

void SweepWindow::add_tile(const Segment& segment, std::int64_t row, std::int64_t column, TapRange rows,
                           TapRange columns, std::vector<bf16x3::First>& tiles) const {
  const std::int64_t pixel = segment.window + row * sweep_.stride.h * sweep_.pitch() + column * sweep_.stride.w;
  const std::int64_t result = segment.result + row * result_pitch_ + column;
  tiles.push_back({pixel * bf16x3::kLine, result * kBlock, rows.begin, rows.end, columns.begin, columns.end});
}

TapRange SweepWindow::rows_inside(std::int64_t first, std::int64_t last) const {
  return taps_inside(first, last, sweep_.stride.h, sweep_.dilation.h, sweep_.top, sweep_.kh, sweep_.h);
}

}  // namespace inlay
