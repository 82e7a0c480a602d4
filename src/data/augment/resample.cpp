// A warp carried out: which pixels of the source a row of the patch looks at.
#include <algorithm>
#include <cmath>
#include <utility>

#include "data/augment/simd/rows.h"
#include "data/augment/warp.h"

namespace inlay {
namespace {

simd::Source source_of(const Sample& sample) {
  simd::Source source{.labels = std::as_const(sample.mask.labels).data<std::uint8_t>().data(),
                      .height = sample.image.height(),
                      .width = sample.image.width(),
                      .channels = sample.image.channels()};
  const Tensor& pixels = sample.image.pixels;
  if (pixels.type() == DType::u8)
    source.bytes = pixels.data<std::uint8_t>().data();
  else
    source.floats = pixels.data<float>().data();
  return source;
}

struct Position {
  double y, x;
};

// Of the first pixel of a row, without elastic displacement.
Position row_start(const Warp& warp, std::int64_t y) {
  const double v = static_cast<double>(y) - static_cast<double>(warp.height - 1) / 2.0;
  const double u = -static_cast<double>(warp.width - 1) / 2.0;
  return {warp.center_y + warp.matrix[0] * v + warp.matrix[1] * u,
          warp.center_x + warp.matrix[2] * v + warp.matrix[3] * u};
}

bool is_whole(double value) { return value == std::floor(value); }

// Rows of the patch are pieces of rows of the source, forwards or backwards, all inside.
bool copies_rows(const Warp& warp, const simd::Source& source) {
  const auto& m = warp.matrix;
  if (!warp.elastic.empty() || m[1] != 0.0 || m[2] != 0.0 || std::abs(m[0]) != 1.0 || std::abs(m[3]) != 1.0)
    return false;
  const Position first = row_start(warp, 0);
  const double last_y = first.y + m[0] * static_cast<double>(warp.height - 1);
  const double last_x = first.x + m[3] * static_cast<double>(warp.width - 1);
  return is_whole(first.y) && is_whole(first.x) && std::min(first.y, last_y) >= 0.0 &&
         std::min(first.x, last_x) >= 0.0 && std::max(first.y, last_y) < static_cast<double>(source.height) &&
         std::max(first.x, last_x) < static_cast<double>(source.width);
}

void copy_rows(const Warp& warp, const simd::Source& source, const Patch& patch) {
  const bool backwards = warp.matrix[3] < 0.0;
  for (std::int64_t y = 0; y < warp.height; ++y) {
    const Position start = row_start(warp, y);
    const std::int64_t column = static_cast<std::int64_t>(start.x) - (backwards ? warp.width - 1 : 0);
    const simd::RowTarget target{patch.planes, patch.labels, y * warp.width};
    simd::copy_row(source, static_cast<std::int64_t>(start.y), column, warp.width, target);
    if (!backwards) continue;
    std::reverse(patch.labels + target.first, patch.labels + target.first + warp.width);
    for (float* plane : patch.planes) std::reverse(plane + target.first, plane + target.first + warp.width);
  }
}

// Offsets are floats from a whole pixel on: as exact as a patch is wide, however large the picture is.
class Row {
 public:
  Row(const Warp& warp) : warp_(warp) {
    rows_.resize(static_cast<std::size_t>(warp.width));
    columns_.resize(rows_.size());
  }

  simd::RowPositions positions(std::int64_t y) {
    const Position start = row_start(warp_, y);
    const Position whole{std::floor(start.y), std::floor(start.x)};
    const auto first_y = static_cast<float>(start.y - whole.y), first_x = static_cast<float>(start.x - whole.x);
    const auto step_y = static_cast<float>(warp_.matrix[1]), step_x = static_cast<float>(warp_.matrix[3]);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i] = first_y + step_y * static_cast<float>(static_cast<int>(i));
      columns_[i] = first_x + step_x * static_cast<float>(static_cast<int>(i));
    }
    if (!warp_.elastic.empty()) add_elastic(y);
    return {static_cast<std::int64_t>(whole.y), static_cast<std::int64_t>(whole.x), rows_, columns_};
  }

 private:
  void add_elastic(std::int64_t y) {
    std::array<float, 4> m{};
    std::ranges::transform(warp_.matrix, m.begin(), [](double value) { return static_cast<float>(value); });
    warp_.elastic.row(y, offsets_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i] += m[0] * offsets_[i].y + m[1] * offsets_[i].x;
      columns_[i] += m[2] * offsets_[i].y + m[3] * offsets_[i].x;
    }
  }

  const Warp& warp_;
  std::vector<float> rows_, columns_;
  std::vector<ElasticField::Offset> offsets_;
};

}  // namespace

void resample(const Sample& sample, const Warp& warp, const Patch& patch) {
  const simd::Source source = source_of(sample);
  if (copies_rows(warp, source)) return copy_rows(warp, source, patch);
  Row row(warp);
  for (std::int64_t y = 0; y < warp.height; ++y)
    simd::resample_row(source, row.positions(y), {patch.planes, patch.labels, y * warp.width});
}

}  // namespace inlay
