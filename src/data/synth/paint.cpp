#include "data/synth/paint.h"

#include <algorithm>
#include <cmath>

namespace inlay::synth {
namespace {

std::vector<float> gauss(float sigma) {
  const auto radius = static_cast<std::int64_t>(std::ceil(3.0f * sigma));
  std::vector<float> kernel;
  float sum = 0.0f;
  for (std::int64_t i = -radius; i <= radius; ++i) {
    const float t = static_cast<float>(i) / sigma;
    kernel.push_back(std::exp(-0.5f * t * t));
    sum += kernel.back();
  }
  for (float& weight : kernel) weight /= sum;
  return kernel;
}

}  // namespace

Canvas::Canvas(std::int64_t height, std::int64_t width, std::int64_t channels)
    : pixels_(DType::f32, {height, width, channels}), labels_(DType::u8, {height, width}) {}

void Canvas::blur_lines(const std::vector<float>& kernel, std::int64_t lines, std::int64_t length,
                        std::int64_t line_step, std::int64_t step) {
  const auto radius = static_cast<std::int64_t>(kernel.size() / 2);
  std::vector<float> line(static_cast<std::size_t>(length));
  for (std::int64_t i = 0; i < lines; ++i) {
    float* at = pixels_.data<float>().data() + (i / channels()) * line_step + i % channels();
    for (std::int64_t j = 0; j < length; ++j) line[static_cast<std::size_t>(j)] = at[j * step];
    for (std::int64_t j = 0; j < length; ++j) {
      float sum = 0.0f;
      for (std::int64_t k = -radius; k <= radius; ++k)
        sum +=
            kernel[static_cast<std::size_t>(k + radius)] * line[static_cast<std::size_t>(reflect_index(j + k, length))];
      at[j * step] = sum;
    }
  }
}

void Canvas::blur(float sigma) {
  const std::vector<float> kernel = gauss(sigma);
  blur_lines(kernel, height() * channels(), width(), width() * channels(), channels());
  blur_lines(kernel, width() * channels(), height(), channels(), width() * channels());
}

void Canvas::scale(float factor, float offset) {
  for (float& value : pixels_.data<float>()) value = value * factor + offset;
}

void Canvas::add_noise(float sigma, Rng& rng) {
  for (float& value : pixels_.data<float>()) value += sigma * static_cast<float>(rng.normal());
}

Sample Canvas::finish() const { return {{}, as_u8({pixels_}), {labels_}}; }

float Noise::at(double y, double x) const {
  const double fy = std::floor(y), fx = std::floor(x);
  const auto corner = [&](int dy, int dx) {
    const auto iy = static_cast<std::uint64_t>(static_cast<std::int64_t>(fy) + dy);
    const auto ix = static_cast<std::uint64_t>(static_cast<std::int64_t>(fx) + dx);
    return 2.0f * uniform_at(key_, iy * 0x10001u + ix) - 1.0f;
  };
  const auto ty = static_cast<float>(smooth_step(0.0, 1.0, y - fy)),
             tx = static_cast<float>(smooth_step(0.0, 1.0, x - fx));
  return std::lerp(std::lerp(corner(0, 0), corner(0, 1), tx), std::lerp(corner(1, 0), corner(1, 1), tx), ty);
}

float Noise::fractal(double y, double x, int octaves) const {
  float sum = 0.0f, amplitude = 0.6f;
  for (int i = 0; i < octaves; ++i, amplitude *= 0.5f, y *= 2.0, x *= 2.0)
    sum += amplitude * at(y + 37.7 * i, x + 11.3 * i);
  return sum;
}

double smooth_step(double low, double high, double value) {
  const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return t * t * (3.0 - 2.0 * t);
}

}  // namespace inlay::synth
