#include "data/warp.h"

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
double window_start(std::int64_t source, std::int64_t window, bool random, Rng& rng) {
  const std::int64_t room = source - window;
  const double middle = std::floor(static_cast<double>(room) / 2.0);
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

float value_of(std::uint8_t value) { return static_cast<float>(value) * (1.0f / 255.0f); }
float value_of(float value) { return value; }

// Exactly `a` for a share of 0.
float mix(float a, float b, float share) { return a + (b - a) * share; }

// A position along one side: the two pixels around it and the share of the second.
struct Tap {
  std::int64_t first, second;
  float share;

  Tap(double position, std::int64_t size) {
    const double floor = std::floor(position);
    first = static_cast<std::int64_t>(floor);
    share = static_cast<float>(position - floor);
    second = first + 1;
    if (first >= 0 && second < size) return;
    first = reflect_index(first, size);
    second = reflect_index(second, size);
  }
  std::int64_t nearest() const { return share < 0.5f ? first : second; }
};

template <class T>
Sample sampled(const Sample& sample, const Warp& warp) {
  const std::int64_t source_height = sample.image.height(), source_width = sample.image.width();
  const std::int64_t channels = sample.image.channels();
  Sample out{sample.name,
             {Tensor(DType::f32, {warp.height, warp.width, channels})},
             {Tensor(DType::u8, {warp.height, warp.width})}};
  const T* pixels = sample.image.pixels.data<T>().data();
  const std::uint8_t* labels = sample.mask.labels.data<std::uint8_t>().data();
  float* to = out.image.pixels.data<float>().data();
  std::uint8_t* label = out.mask.labels.data<std::uint8_t>().data();
  const double middle_y = static_cast<double>(warp.height - 1) / 2.0,
               middle_x = static_cast<double>(warp.width - 1) / 2.0;
  for (std::int64_t y = 0; y < warp.height; ++y)
    for (std::int64_t x = 0; x < warp.width; ++x) {
      const ElasticField::Offset offset = warp.elastic.at(y, x);
      const double v = static_cast<double>(y) - middle_y + offset.y, u = static_cast<double>(x) - middle_x + offset.x;
      const Tap row(warp.center_y + warp.matrix[0] * v + warp.matrix[1] * u, source_height);
      const Tap column(warp.center_x + warp.matrix[2] * v + warp.matrix[3] * u, source_width);
      *label++ = labels[row.nearest() * source_width + column.nearest()];
      const T* corner[4] = {pixels + (row.first * source_width + column.first) * channels,
                            pixels + (row.first * source_width + column.second) * channels,
                            pixels + (row.second * source_width + column.first) * channels,
                            pixels + (row.second * source_width + column.second) * channels};
      for (std::int64_t c = 0; c < channels; ++c) {
        const float top = mix(value_of(corner[0][c]), value_of(corner[1][c]), column.share);
        const float bottom = mix(value_of(corner[2][c]), value_of(corner[3][c]), column.share);
        *to++ = mix(top, bottom, row.share);
      }
    }
  return out;
}

}  // namespace

Warp draw_warp(const AugmentOptions& options, std::int64_t source_height, std::int64_t source_width,
               std::int64_t height, std::int64_t width, Rng& rng) {
  Warp warp{.height = height, .width = width, .matrix = draw_turns(options, rng), .elastic = {}};
  const bool sideways = warp.matrix[0] == 0.0;
  const std::int64_t window_height = sideways ? width : height, window_width = sideways ? height : width;
  warp.center_y = window_start(source_height, window_height, options.random_crop, rng) +
                  static_cast<double>(window_height - 1) / 2.0;
  warp.center_x =
      window_start(source_width, window_width, options.random_crop, rng) + static_cast<double>(window_width - 1) / 2.0;
  if (rng.chance(options.affine)) add_affine(options, warp, rng);
  if (rng.chance(options.elastic))
    warp.elastic = ElasticField(height, width, options.elastic_sigma, options.elastic_grid, rng);
  return warp;
}

Sample apply_warp(const Sample& sample, const Warp& warp) {
  return sample.image.pixels.type() == DType::u8 ? sampled<std::uint8_t>(sample, warp) : sampled<float>(sample, warp);
}

}  // namespace inlay
