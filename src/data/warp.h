// One geometric map from the pixels of a patch to positions in the sample it is cut from.
#pragma once

#include "base/rng.h"
#include "inlay/augment.h"

namespace inlay {

/// Smooth random displacements: normal on a coarse grid, cubic B-spline in between (sources: inlay/augment.h).
class ElasticField {
 public:
  /// No displacement.
  ElasticField() = default;
  ElasticField(std::int64_t height, std::int64_t width, double sigma, double grid, Rng& rng);

  struct Offset {
    double y = 0.0, x = 0.0;
  };
  Offset at(std::int64_t y, std::int64_t x) const;

 private:
  // Weights of the four control points that reach the position, the first of which is `first`.
  struct Reach {
    std::size_t first = 0;
    std::array<double, 4> weights{};
  };
  static std::vector<Reach> reaches(std::int64_t size, double grid);

  std::vector<Reach> rows_, columns_;
  std::size_t stride_ = 0;
  std::vector<Offset> points_;
};

/// source = center + matrix * (position - middle of the patch + elastic offset)
struct Warp {
  std::int64_t height = 0, width = 0;
  double center_y = 0.0, center_x = 0.0;
  std::array<double, 4> matrix{1.0, 0.0, 0.0, 1.0};  // yy yx xy xx
  ElasticField elastic;
};

Warp draw_warp(const AugmentOptions& options, std::int64_t source_height, std::int64_t source_width,
               std::int64_t height, std::int64_t width, Rng& rng);

/// The patch: f32 picture (8 bits divided by 255), bilinear; mask, nearest; reflected border.
Sample apply_warp(const Sample& sample, const Warp& warp);

}  // namespace inlay
