// One geometric map from the pixels of a patch to positions in the sample it is cut from.
#pragma once

#include <array>
#include <optional>

#include "base/rng.h"
#include "data/augment/patch.h"
#include "inlay/augment.h"

namespace inlay {

/// Smooth random displacements: normal on a coarse grid, cubic B-spline in between (sources: inlay/augment.h).
class ElasticField {
 public:
  /// No displacement.
  ElasticField() = default;
  ElasticField(std::int64_t height, std::int64_t width, double sigma, double grid, Rng& rng);

  struct Offset {
    float y = 0.0f, x = 0.0f;
  };
  bool empty() const { return points_.empty(); }
  /// Those of row y, one for each column.
  void row(std::int64_t y, std::vector<Offset>& offsets) const;

 private:
  // Weights of the four control points that reach the position, the first of which is `first`.
  struct Reach {
    std::size_t first = 0;
    std::array<float, 4> weights{};
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

/// A pixel of the source.
struct Focus {
  std::int64_t y = 0, x = 0;
};

/// The window lies anywhere in the source; with a `focus`, as near to having it in its middle as the borders allow.
Warp draw_warp(const AugmentOptions& options, const Image& source, std::int64_t height, std::int64_t width, Rng& rng,
               const std::optional<Focus>& focus = {});

/// Fills the patch, which has the warp's size and the sample's channels: picture bilinear, bytes divided by 255; mask
/// nearest; reflected border.
void resample(const Sample& sample, const Warp& warp, const Patch& patch);

}  // namespace inlay
