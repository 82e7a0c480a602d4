#include "inlay/augment.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "data/warp.h"

namespace inlay {
namespace {

void check_range(std::string_view field, double value, double low, double high) {
  if (!(value >= low && value <= high))
    fail_input("augmentation '{}' is {}, expected {} to {}", field, value, low, high);
}

// Nearly normal with standard deviation 1: four uniforms out of one number (their sum has variance 4/12).
float draw_noise(Rng& rng) {
  const std::uint64_t bits = rng.next();
  std::uint64_t sum = 0;
  for (int shift = 0; shift < 64; shift += 16) sum += bits >> shift & 0xffff;
  return (static_cast<float>(sum) * 0x1.0p-16f - 2.0f) * 1.7320508f;
}

struct Light {
  float factor, offset, exponent, noise;
};

Light draw_light(const AugmentOptions& options, Rng& rng) {
  const auto draw = [&](double range) { return static_cast<float>(rng.uniform(-range, range)); };
  const float factor = std::exp(draw(options.contrast)), offset = draw(options.brightness);
  const float exponent = std::exp(draw(options.gamma));
  return {factor, offset, exponent, static_cast<float>(options.noise * rng.uniform())};
}

void change_light(std::span<float> values, const Light& light, Rng& rng) {
  const auto [least, most] = std::ranges::minmax(values);
  const float low = std::min(least, 0.0f), range = std::max(most, 1.0f) - low;
  double sum = 0.0;
  for (float value : values) sum += value;
  const auto mean = static_cast<float>((sum / static_cast<double>(values.size()) - low) / range);
  for (float& value : values) {
    float v = ((value - low) / range - mean) * light.factor + mean + light.offset;
    v = std::clamp(v, 0.0f, 1.0f);
    if (light.exponent != 1.0f) v = std::pow(v, light.exponent);
    if (light.noise > 0.0f) v = std::clamp(v + light.noise * draw_noise(rng), 0.0f, 1.0f);
    value = low + range * v;
  }
}

}  // namespace

void AugmentOptions::check() const {
  check_range("flip_horizontal", flip_horizontal, 0.0, 1.0);
  check_range("flip_vertical", flip_vertical, 0.0, 1.0);
  check_range("affine", affine, 0.0, 1.0);
  check_range("shift", shift, 0.0, 1.0);
  check_range("scale", scale, 0.0, 3.0);
  check_range("rotate", rotate, 0.0, 180.0);
  check_range("elastic", elastic, 0.0, 1.0);
  check_range("elastic_sigma", elastic_sigma, 0.0, 1000.0);
  check_range("elastic_grid", elastic_grid, 1.0, 10000.0);
  check_range("brightness", brightness, 0.0, 1.0);
  check_range("contrast", contrast, 0.0, 3.0);
  check_range("gamma", gamma, 0.0, 3.0);
  check_range("noise", noise, 0.0, 1.0);
}

AugmentOptions standard_augmentation() {
  return {.flip_horizontal = 0.5,
          .flip_vertical = 0.5,
          .quarter_turns = true,
          .affine = 0.5,
          .elastic = 0.5,
          .elastic_sigma = 6.0,
          .elastic_grid = 48.0,
          .brightness = 0.1,
          .contrast = 0.2,
          .gamma = 0.2,
          .noise = 0.03};
}

Sample augment(const Sample& sample, const AugmentOptions& options, std::int64_t height, std::int64_t width,
               std::uint64_t key) {
  options.check();
  if (height < 1 || width < 1) fail_input("a patch of {}x{} pixels is impossible; sides are at least 1", height, width);
  Rng rng(key);
  const Warp warp = draw_warp(options, sample.image.height(), sample.image.width(), height, width, rng);
  Sample out = apply_warp(sample, warp);
  if (options.brightness > 0.0 || options.contrast > 0.0 || options.gamma > 0.0 || options.noise > 0.0) {
    const Light light = draw_light(options, rng);
    change_light(out.image.pixels.data<float>(), light, rng);
  }
  return out;
}

}  // namespace inlay
