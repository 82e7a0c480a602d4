#include <algorithm>
#include <cmath>

#include "data/augment/warp.h"

namespace inlay {

std::vector<ElasticField::Reach> ElasticField::reaches(std::int64_t size, double grid) {
  std::vector<Reach> out(static_cast<std::size_t>(size));
  for (std::int64_t i = 0; i < size; ++i) {
    const double position = static_cast<double>(i) / grid;
    const double t = position - std::floor(position);
    Reach& reach = out[static_cast<std::size_t>(i)];
    reach.first = static_cast<std::size_t>(position);
    // The uniform cubic B-spline's four pieces at t.
    const std::array<double, 4> weights{(1 - t) * (1 - t) * (1 - t) / 6, (3 * t * t * t - 6 * t * t + 4) / 6,
                                        (-3 * t * t * t + 3 * t * t + 3 * t + 1) / 6, t * t * t / 6};
    std::ranges::transform(weights, reach.weights.begin(), [](double weight) { return static_cast<float>(weight); });
  }
  return out;
}

ElasticField::ElasticField(std::int64_t height, std::int64_t width, double sigma, double grid, Rng& rng)
    : rows_(reaches(height, grid)), columns_(reaches(width, grid)), stride_(columns_.back().first + 4) {
  points_.resize(stride_ * (rows_.back().first + 4));
  for (Offset& point : points_) {
    point.y = static_cast<float>(sigma * rng.normal());
    point.x = static_cast<float>(sigma * rng.normal());
  }
}

void ElasticField::row(std::int64_t y, std::vector<Offset>& offsets) const {
  const Reach& row = rows_[static_cast<std::size_t>(y)];
  std::vector<Offset> line(stride_);  // the grid's points, weighted along the columns
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < stride_; ++j) {
      const Offset& point = points_[(row.first + i) * stride_ + j];
      line[j].y += row.weights[i] * point.y;
      line[j].x += row.weights[i] * point.x;
    }
  offsets.resize(columns_.size());
  for (std::size_t x = 0; x < columns_.size(); ++x) {
    const Reach& reach = columns_[x];
    const Offset* point = &line[reach.first];
    const auto& w = reach.weights;
    offsets[x] = {w[0] * point[0].y + w[1] * point[1].y + w[2] * point[2].y + w[3] * point[3].y,
                  w[0] * point[0].x + w[1] * point[1].x + w[2] * point[2].x + w[3] * point[3].x};
  }
}

}  // namespace inlay
