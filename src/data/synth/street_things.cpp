#include <algorithm>
#include <cmath>

#include "data/synth/street.h"

namespace inlay::synth {
namespace {

// Calls body(v, u, y, x) for the pixels between the heights 0 and `top` and up to `reach` to the sides, in units about
// the spot.
template <class Body>
void around(Canvas& canvas, const View& view, Spot spot, double top, double reach, Body&& body) {
  const double foot_y = view.horizon + spot.scale, foot_x = view.vanish + spot.side * spot.scale;
  const auto clip = [](double v, std::int64_t size) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::lround(v)), 0, size);
  };
  for (std::int64_t y = clip(foot_y - top * spot.scale, canvas.height());
       y < clip(foot_y + 0.2 * spot.scale, canvas.height()); ++y)
    for (std::int64_t x = clip(foot_x - reach * spot.scale, canvas.width());
         x < clip(foot_x + reach * spot.scale + 1.0, canvas.width()); ++x)
      body((foot_y - static_cast<double>(y)) / spot.scale, (static_cast<double>(x) - foot_x) / spot.scale, y, x);
}

// The rear of a car in units: 1.1 wide, 0.92 tall.
struct CarShape {
  Rgb paint;

  bool contains(double v, double u) const {
    const double half = v > 0.5 ? 0.52 - 0.35 * (v - 0.5) : 0.55;
    return v >= 0.0 && v < 0.92 && std::abs(u) < half && !(v < 0.13 && std::abs(u) < 0.33);
  }

  Rgb color(double v, double u) const {
    const double side = std::abs(u);
    if (v < 0.13) return {0.06f, 0.06f, 0.07f};                             // wheels
    if (v < 0.24) return {0.16f, 0.16f, 0.17f};                             // bumper
    if (v > 0.54 && v < 0.86 && side < 0.4) return {0.14f, 0.18f, 0.22f};   // window
    if (v > 0.36 && v < 0.48 && side > 0.38) return {0.75f, 0.08f, 0.06f};  // lights
    if (v > 0.3 && v < 0.39 && side < 0.14) return {0.88f, 0.88f, 0.8f};    // number plate
    return times(paint, static_cast<float>(0.75 + 0.35 * v));
  }
};

}  // namespace

Rgb mix(const Rgb& a, const Rgb& b, float share) {
  return {std::lerp(a[0], b[0], share), std::lerp(a[1], b[1], share), std::lerp(a[2], b[2], share)};
}

Rgb times(const Rgb& color, float factor) { return {color[0] * factor, color[1] * factor, color[2] * factor}; }

void put(Canvas& canvas, std::int64_t y, std::int64_t x, const Rgb& color, std::uint8_t label) {
  std::copy(color.begin(), color.end(), canvas.at(y, x));
  canvas.label(y, x) = label;
}

View::View(std::int64_t picture_height, std::int64_t picture_width, Rng& rng)
    : height(static_cast<double>(picture_height)),
      width(static_cast<double>(picture_width)),
      horizon(height * rng.uniform(0.38, 0.5)),
      vanish(width * rng.uniform(0.38, 0.62)),
      road(rng.uniform(1.1, 1.7)),
      pavement(rng.uniform(0.6, 1.1)) {}

Walls::House Walls::house(std::int64_t number, double hand) const {
  Rng rng(mix_keys(key_, static_cast<std::uint64_t>(2 * number + (hand > 0.0 ? 1 : 0))));
  constexpr std::array<Rgb, 6> kPaints{{{0.62f, 0.4f, 0.33f},
                                        {0.74f, 0.67f, 0.55f},
                                        {0.55f, 0.53f, 0.5f},
                                        {0.68f, 0.55f, 0.4f},
                                        {0.5f, 0.36f, 0.3f},
                                        {0.72f, 0.7f, 0.68f}}};
  const double height = rng.uniform(2.4, 5.5);
  const Rgb paint = kPaints[static_cast<std::size_t>(rng.below(6))];
  return {height, paint, rng.chance(0.14)};
}

bool Walls::find(const View& view, double y, double x, Rgb& color) const {
  const double hand = x < view.vanish ? -1.0 : 1.0;
  const double scale = std::abs(x - view.vanish) / (view.road + view.pavement);
  if (scale < 0.03 * view.height) return false;
  // Houses of equal depth; `along` is the depth in units of about one window.
  const double depth = view.height / scale, along = depth * 2.2;
  const House found = house(static_cast<std::int64_t>(std::floor(depth / 1.6)), hand);
  const double v = 1.0 - (y - view.horizon) / scale;
  if (v < 0.0 || v > found.height || found.gap) return false;
  const double floor = std::fmod(v, 0.95) / 0.95, window = std::fmod(along, 1.0);
  const float grain = 0.07f * facade_.fractal(v * 4.0, along * 4.0, 3);
  const float sun = hand == sunny_side_ ? 1.1f : 0.72f;
  color = times(found.paint, sun * (1.0f + grain));
  if (floor > 0.35 && floor < 0.8 && window > 0.28 && window < 0.74 && v < found.height - 0.25) {
    const float glass =
        0.18f + 0.22f * static_cast<float>(facade_.at(std::floor(v / 0.95) * 3.1, std::floor(along) * 1.7));
    color = {glass * 0.85f, glass * 0.95f, glass * 1.1f};
  }
  if (v > found.height - 0.14) color = times(found.paint, 0.5f * sun);
  return true;
}

void paint_tree(Canvas& canvas, const View& view, Spot spot, Rng& rng) {
  const double radius = rng.uniform(0.6, 1.0), middle = rng.uniform(1.7, 2.5);
  const Noise leaves(rng.next());
  const Rgb green{static_cast<float>(rng.uniform(0.16, 0.36)), static_cast<float>(rng.uniform(0.34, 0.5)),
                  static_cast<float>(rng.uniform(0.1, 0.2))};
  around(canvas, view, spot, middle + 1.5 * radius, 1.5 * radius,
         [&](double v, double u, std::int64_t y, std::int64_t x) {
           const float rough = leaves.fractal(v * 4.0, u * 4.0, 3);
           const double r = std::hypot(u, 0.9 * (v - middle)) / radius;
           if (r + 0.35 * rough < 1.0) {
             const auto lit = static_cast<float>(0.8 + 0.35 * (v - middle) / radius);
             put(canvas, y, x, times(green, lit * (1.0f + 0.6f * leaves.at(v * 14.0, u * 14.0))), kTree);
           } else if (v >= 0.0 && v < middle && std::abs(u) < 0.07) {
             put(canvas, y, x, {0.28f, 0.21f, 0.15f}, kTree);
           }
         });
}

void paint_car(Canvas& canvas, const View& view, Spot spot, Rng& rng) {
  constexpr std::array<Rgb, 7> kPaints{{{0.7f, 0.12f, 0.1f},
                                        {0.15f, 0.25f, 0.55f},
                                        {0.85f, 0.85f, 0.85f},
                                        {0.12f, 0.12f, 0.13f},
                                        {0.5f, 0.52f, 0.55f},
                                        {0.8f, 0.65f, 0.15f},
                                        {0.2f, 0.42f, 0.3f}}};
  const CarShape car{kPaints[static_cast<std::size_t>(rng.below(7))]};
  around(canvas, view, spot, 1.0, 0.75, [&](double v, double u, std::int64_t y, std::int64_t x) {
    if (car.contains(v, u)) {
      put(canvas, y, x, car.color(v, u), kCar);
    } else if (v < 0.14 && std::hypot(u / 0.68, (v - 0.02) / 0.14) < 1.0 && canvas.label(y, x) != kCar) {
      for (int c = 0; c < 3; ++c) canvas.at(y, x)[c] *= 0.45f;  // its shadow
    }
  });
}

}  // namespace inlay::synth
