#include "data/augment/warp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace inlay {
namespace {

using Matrix = std::array<double, 4>;

Matrix times(const Matrix& a, const Matrix& b) {
  return {a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3]};
}

// First pixel of a window along one side; one that does not fit is centred.
double window_start(std::int64_t source, std::int64_t window, bool random, std::optional<std::int64_t> focus,
                    Rng& rng) {
  const std::int64_t room = source - window;
  const double middle = std::floor(static_cast<double>(room) / 2.0);
  if (focus && room > 0) return static_cast<double>(std::clamp<std::int64_t>(*focus - window / 2, 0, room));
  if (!random) return middle;
  const std::int64_t drawn = rng.below(std::max<std::int64_t>(room, 0) + 1);
  return room < 0 ? middle : static_cast<double>(drawn);
}

// Signs and swaps only, so that the positions stay whole numbers.
Matrix draw_turns(const AugmentOptions& options, Rng& rng) {
  constexpr Matrix kQuarter{0.0, 1.0, -1.0, 0.0};
  Matrix matrix{rng.chance(options.flip_vertical) ? -1.0 : 1.0, 0.0, 0.0,
                rng.chance(options.flip_horizontal) ? -1.0 : 1.0};
  const std::int64_t turns = options.quarter_turns ? rng.below(4) : 0;
  for (std::int64_t i = 0; i < turns; ++i) matrix = times(matrix, kQuarter);
  return matrix;
}

void add_affine(const AugmentOptions& options, Warp& warp, Rng& rng) {
  const double angle = rng.uniform(-options.rotate, options.rotate) * std::numbers::pi / 180.0;
  const double factor = std::exp(-rng.uniform(-options.scale, options.scale));
  const double c = factor * std::cos(angle), s = factor * std::sin(angle);
  warp.matrix = times(warp.matrix, {c, s, -s, c});
  warp.center_y += rng.uniform(-options.shift, options.shift) * static_cast<double>(warp.height);
  warp.center_x += rng.uniform(-options.shift, options.shift) * static_cast<double>(warp.width);
}

}  // namespace

Warp draw_warp(const AugmentOptions& options, const Image& source, std::int64_t height, std::int64_t width, Rng& rng,
               const std::optional<Focus>& focus) {
  Warp warp{.height = height, .width = width, .matrix = draw_turns(options, rng), .elastic = {}};
  const bool sideways = warp.matrix[0] == 0.0;
  const std::int64_t window_height = sideways ? width : height, window_width = sideways ? height : width;
  const auto start = [&](std::int64_t side, std::int64_t window, std::int64_t Focus::*place) {
    return window_start(side, window, options.random_crop,
                        focus ? std::optional((*focus).*place) : std::optional<std::int64_t>(), rng) +
           static_cast<double>(window - 1) / 2.0;
  };
  warp.center_y = start(source.height(), window_height, &Focus::y);
  warp.center_x = start(source.width(), window_width, &Focus::x);
  if (rng.chance(options.affine)) add_affine(options, warp, rng);
  if (rng.chance(options.elastic))
    warp.elastic = ElasticField(height, width, options.elastic_sigma, options.elastic_grid, rng);
  return warp;
}

}  // namespace inlay
