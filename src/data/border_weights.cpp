#include "inlay/border_weights.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/fail.h"
#include "data/boundary_weights.h"
#include "inlay/regions.h"

namespace inlay {
namespace {

constexpr double kNegligible = 1e-4;

/// A cell and the square of the distance to it.
struct Near {
  std::int32_t cell = 0;  // 0: none
  std::int64_t square = 0;
};

/// The two nearest cells, which are not the same, the nearest first.
struct Pair {
  Near first, second;

  void add(Near other) {
    if (other.cell == 0) return;
    if (other.cell == first.cell) {
      first.square = std::min(first.square, other.square);
    } else if (first.cell == 0 || other.square < first.square) {
      second = first;
      first = other;
    } else if (second.cell == 0 || other.square < second.square) {
      second = other;
    }
  }
};

/// Where the terms become negligible: d1 + d2 beyond it need not be known.
std::int64_t radius_of(const BorderWeights& w) {
  if (w.w0 <= kNegligible) return 0;
  return static_cast<std::int64_t>(std::ceil(w.sigma * std::sqrt(2 * std::log(w.w0 / kNegligible))));
}

/// The last two cells met on the way along a column, and where.
struct Met {
  std::int32_t cell = 0;
  std::int64_t row = 0;
};

void along_column(std::int64_t from, std::int64_t to, std::int64_t x, std::int64_t width, const std::int32_t* cells,
                  std::vector<Pair>& pairs) {
  const std::int64_t step = from < to ? 1 : -1;
  Met last, before;
  for (std::int64_t y = from; y != to; y += step) {
    const std::int32_t cell = cells[y * width + x];
    if (cell != 0 && cell != last.cell) before = last;
    if (cell != 0) last = {cell, y};
    for (const Met& met : {last, before})
      pairs[static_cast<std::size_t>(y * width + x)].add({met.cell, (y - met.row) * (y - met.row)});
  }
}

/// The two nearest cells above and below, along the column.
std::vector<Pair> column_pairs(const Tensor& numbers) {
  const std::int64_t height = numbers.shape()[0], width = numbers.shape()[1];
  const std::int32_t* cells = numbers.data<std::int32_t>().data();
  std::vector<Pair> pairs(static_cast<std::size_t>(height * width));
  for (std::int64_t x = 0; x < width; ++x) {
    along_column(0, height, x, width, cells, pairs);
    along_column(height - 1, -1, x, width, cells, pairs);
  }
  return pairs;
}

/// The two nearest cells of the plane that are no farther than `radius`: the nearest pixel of either lies in some
/// column, and there it is among the column's two nearest, or two others would be nearer.
Pair nearest(const Pair* columns, std::int64_t x, std::int64_t width, std::int64_t radius) {
  Pair pair = columns[x];
  for (std::int64_t distance = 1; distance <= radius; ++distance) {
    const std::int64_t square = distance * distance;
    if (pair.second.cell != 0 && square >= pair.second.square) break;
    for (const std::int64_t column : {x - distance, x + distance}) {
      if (column < 0 || column >= width) continue;
      for (Near near : {columns[column].first, columns[column].second}) {
        near.square += square;
        pair.add(near);
      }
    }
  }
  return pair;
}

}  // namespace

void BorderWeights::check() const {
  if (!(w0 >= 0 && std::isfinite(w0))) fail_input("border weight 'w0' is {}, expected a number of 0 or more", w0);
  if (!(sigma > 0 && sigma <= 1000)) fail_input("border weight 'sigma' is {}, expected above 0 and up to 1000", sigma);
}

Tensor border_weights(const Mask& mask, const BorderWeights& weights) {
  weights.check();
  if (weights.kind == BorderWeights::Kind::boundaries) return boundary_weights(mask, weights);
  const std::int64_t height = mask.height(), width = mask.width(), radius = radius_of(weights);
  const std::vector<Pair> pairs = column_pairs(connected_regions(mask, Connectivity::edges, 0).numbers);
  Tensor result(DType::f32, {height, width});
  float* to = result.data<float>().data();
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x, ++to) {
      const Pair pair = nearest(pairs.data() + y * width, x, width, radius);
      if (pair.second.cell == 0) continue;
      const double distance =
          std::sqrt(static_cast<double>(pair.first.square)) + std::sqrt(static_cast<double>(pair.second.square));
      if (distance > static_cast<double>(radius)) continue;
      *to = static_cast<float>(weights.w0 * std::exp(-distance * distance / (2 * weights.sigma * weights.sigma)));
    }
  return result;
}

Tensor pixel_weights(const Mask& mask, std::span<const float> class_weights, const BorderWeights& weights) {
  Tensor result = border_weights(mask, weights);
  const std::span<const std::uint8_t> labels = mask.labels.data<std::uint8_t>();
  const std::span<float> values = result.data<float>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (labels[i] == kIgnore) continue;
    if (class_weights.empty())
      values[i] += 1;
    else if (labels[i] < class_weights.size())
      values[i] += class_weights[labels[i]];
  }
  return result;
}

}  // namespace inlay
