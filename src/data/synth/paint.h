// What the three kinds of made-up pictures share.
#pragma once

#include <array>
#include <cstdint>

#include "base/rng.h"
#include "inlay/synth.h"

namespace inlay::synth {

/// A picture in the making: f32 values around 0..1 and its labels.
class Canvas {
 public:
  Canvas(std::int64_t height, std::int64_t width, std::int64_t channels);

  std::int64_t height() const { return pixels_.shape()[0]; }
  std::int64_t width() const { return pixels_.shape()[1]; }
  std::int64_t channels() const { return pixels_.shape()[2]; }
  /// The channels of one pixel.
  float* at(std::int64_t y, std::int64_t x) { return pixels_.data<float>().data() + (y * width() + x) * channels(); }
  std::uint8_t& label(std::int64_t y, std::int64_t x) {
    return labels_.data<std::uint8_t>()[static_cast<std::size_t>(y * width() + x)];
  }

  void blur(float sigma);
  void scale(float factor, float offset);
  /// Gaussian noise; sigma of the picture's values.
  void add_noise(float sigma, Rng& rng);
  /// To 8 bits, clamped.
  Sample finish() const;

 private:
  void blur_lines(const std::vector<float>& kernel, std::int64_t lines, std::int64_t length, std::int64_t line_step,
                  std::int64_t step);

  Tensor pixels_, labels_;
};

/// Smooth value noise on a lattice of period 1, in -1..1 (Perlin, SIGGRAPH 1985, with values in place of gradients).
class Noise {
 public:
  explicit Noise(std::uint64_t key) : key_(key) {}
  float at(double y, double x) const;
  /// Octaves of halved amplitude and doubled frequency, scaled back to about -1..1.
  float fractal(double y, double x, int octaves) const;

 private:
  std::uint64_t key_;
};

/// 0 below `low`, 1 above `high`, smooth in between.
double smooth_step(double low, double high, double value);

Sample paint_cells(std::int64_t height, std::int64_t width, std::uint64_t key);
Sample paint_seismic(std::int64_t height, std::int64_t width, std::uint64_t key);
Sample paint_street(std::int64_t height, std::int64_t width, std::uint64_t key);

}  // namespace inlay::synth
