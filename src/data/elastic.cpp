#include <cmath>

#include "data/warp.h"

namespace inlay {

std::vector<ElasticField::Reach> ElasticField::reaches(std::int64_t size, double grid) {
  std::vector<Reach> out(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i) {
    const double position = static_cast<double>(i) / grid;
    const double t = position - std::floor(position);
    Reach& reach = out[static_cast<std::size_t>(i)];
    reach.first = static_cast<std::size_t>(position);
    // The uniform cubic B-spline's four pieces at t.
    reach.weights = {(1 - t) * (1 - t) * (1 - t) / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
                     (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6, t * t * t / 6};
  }
  return out;
}

ElasticField::ElasticField(std::int64_t height, std::int64_t width, double sigma, double grid, Rng& rng)
    : rows_(reaches(height, grid)), columns_(reaches(width, grid)), stride_(columns_.back().first + 4) {
  points_.resize(stride_ * (rows_.back().first + 4));
  for (Offset& point : points_) point = {sigma * rng.normal(), sigma * rng.normal()};
}

ElasticField::Offset ElasticField::at(std::int64_t y, std::int64_t x) const {
  if (points_.empty()) return {};
  const Reach& row = rows_[static_cast<std::size_t>(y)];
  const Reach& column = columns_[static_cast<std::size_t>(x)];
  Offset out;
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) {
      const Offset& point = points_[(row.first + i) * stride_ + column.first + j];
      const double weight = row.weights[i] * column.weights[j];
      out.y += weight * point.y;
      out.x += weight * point.x;
    }
  return out;
}

}  // namespace inlay
