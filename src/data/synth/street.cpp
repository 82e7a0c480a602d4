#include "data/synth/street.h"

#include <algorithm>
#include <cmath>

namespace inlay::synth {
namespace {

class Scene {
 public:
  Scene(std::int64_t height, std::int64_t width, std::uint64_t key)
      : rng_(key),
        view_(height, width, rng_),
        canvas_(height, width, 3),
        clouds_(rng_.next()),
        ground_(rng_.next()),
        walls_(rng_) {}

  Sample paint();

 private:
  Rgb sky(double y, double x) const;
  bool far_block(double y, double x, Rgb& color) const;
  void surface(double y, double x, Rgb& color, std::uint8_t& label) const;
  void backdrop();
  void light();

  Rng rng_;
  View view_;
  Canvas canvas_;
  Noise clouds_, ground_;
  Walls walls_;
};

Rgb Scene::sky(double y, double x) const {
  const auto up = static_cast<float>(std::clamp(1.0 - y / view_.horizon, 0.0, 1.0));
  const auto cloud = static_cast<float>(
      smooth_step(0.0, 0.7, clouds_.fractal(y / (0.12 * view_.height), x / (0.3 * view_.height), 4)));
  const Rgb blue{0.72f - 0.32f * up, 0.8f - 0.2f * up, 0.92f - 0.04f * up};
  return mix(blue, {0.92f, 0.92f, 0.93f}, 0.8f * cloud);
}

// The end of the street: a row of houses too far away for detail.
bool Scene::far_block(double y, double x, Rgb& color) const {
  const double roof =
      view_.horizon - (0.035 + 0.03 * clouds_.at(77.0, std::floor(x / (0.05 * view_.width)))) * view_.height;
  if (y > view_.horizon || y < roof) return false;
  color = {0.52f, 0.53f, 0.57f};
  return true;
}

void Scene::surface(double y, double x, Rgb& color, std::uint8_t& label) const {
  const double scale = std::max(y - view_.horizon, 0.5);  // pixels per unit at this depth
  const double side = (x - view_.vanish) / scale, depth = view_.height / scale;
  const float rough = ground_.fractal(depth * 3.0, side * 6.0, 4);
  const float shadow =
      1.0f - 0.3f * static_cast<float>(smooth_step(0.1, 0.35, ground_.at(depth * 0.8 + 40.0, side * 0.5)));
  if (std::abs(side) > view_.road) {
    const double slab = std::abs(side) - view_.road;
    const bool kerb = slab < 0.09;
    const bool joint = std::fmod(depth * 3.0, 1.0) < 0.07 || std::fmod(slab * 2.5, 1.0) < 0.06;
    const float base = kerb ? 0.72f : joint ? 0.5f : 0.6f;
    color = times({base, base * 0.97f, base * 0.92f}, shadow * (1.0f + 0.1f * rough));
    label = kPavement;
    return;
  }
  const float base = (0.36f + 0.09f * rough) * shadow;
  const bool dash = std::abs(side) < 0.045 && std::fmod(depth * 1.5, 1.0) < 0.5;
  const bool edge = std::abs(std::abs(side) - 0.92 * view_.road) < 0.03;
  color = dash || edge ? Rgb{0.8f * shadow, 0.8f * shadow, 0.76f * shadow} : Rgb{base, base, base * 1.05f};
  label = kRoad;
}

void Scene::backdrop() {
  for (std::int64_t y = 0; y < canvas_.height(); ++y)
    for (std::int64_t x = 0; x < canvas_.width(); ++x) {
      const auto fy = static_cast<double>(y), fx = static_cast<double>(x);
      Rgb color = sky(fy, fx);
      std::uint8_t label = kSky;
      if (walls_.find(view_, fy, fx, color) || far_block(fy, fx, color))
        label = kBuilding;
      else if (fy > view_.horizon)
        surface(fy, fx, color, label);
      put(canvas_, y, x, color, label);
    }
}

// Time of day, and a camera that is not perfect.
void Scene::light() {
  const auto gain = static_cast<float>(rng_.uniform(0.6, 1.1)), warmth = static_cast<float>(rng_.uniform(-0.08, 0.1));
  const Noise uneven(rng_.next());
  for (std::int64_t y = 0; y < canvas_.height(); ++y)
    for (std::int64_t x = 0; x < canvas_.width(); ++x) {
      float* pixel = canvas_.at(y, x);
      const float local = gain * (1.0f + 0.15f * uneven.at(static_cast<double>(y) / view_.height * 2.0,
                                                           static_cast<double>(x) / view_.height * 2.0));
      pixel[0] *= local * (1.0f + warmth);
      pixel[1] *= local;
      pixel[2] *= local * (1.0f - warmth);
    }
  canvas_.blur(static_cast<float>(rng_.uniform(0.4, 0.7)));
  canvas_.add_noise(static_cast<float>(rng_.uniform(0.015, 0.04)), rng_);
}

Sample Scene::paint() {
  backdrop();
  // From far to near, so that what is nearer hides what is behind.
  double scale = 0.05 * view_.height;
  while (scale < view_.ground()) {
    for (double hand : {-1.0, 1.0}) {
      if (rng_.chance(0.4)) paint_tree(canvas_, view_, {hand * (view_.road + 0.6 * view_.pavement), scale}, rng_);
      if (rng_.chance(0.35)) paint_car(canvas_, view_, {hand * 0.62 * view_.road, scale}, rng_);
    }
    scale *= rng_.uniform(1.3, 1.7);
  }
  light();
  return canvas_.finish();
}

}  // namespace

Sample paint_street(std::int64_t height, std::int64_t width, std::uint64_t key) {
  return Scene(height, width, key).paint();
}

}  // namespace inlay::synth
