// A straight street seen by a camera one unit above the ground. A point at side `u`, height `v` and a depth where one
// unit is `scale` pixels long is seen at x = vanish + u * scale, y = horizon + (1 - v) * scale.
#pragma once

#include "data/synth/paint.h"

namespace inlay::synth {

using Rgb = std::array<float, 3>;
inline constexpr std::uint8_t kSky = 0, kBuilding = 1, kRoad = 2, kPavement = 3, kTree = 4, kCar = 5;

Rgb mix(const Rgb& a, const Rgb& b, float share);
Rgb times(const Rgb& color, float factor);
void put(Canvas& canvas, std::int64_t y, std::int64_t x, const Rgb& color, std::uint8_t label);

struct View {
  View(std::int64_t picture_height, std::int64_t picture_width, Rng& rng);

  double height, width;    // pixels
  double horizon, vanish;  // the point where the street's lines meet
  double road, pavement;   // half the road's width, the width of one pavement, in units

  /// Scale at the bottom of the picture.
  double ground() const { return height - horizon; }
};

/// House fronts on both sides.
class Walls {
 public:
  explicit Walls(Rng& rng) : key_(rng.next()), facade_(rng.next()), sunny_side_(rng.chance(0.5) ? 1.0 : -1.0) {}
  /// True, and the colour, when a wall is seen at (y, x).
  bool find(const View& view, double y, double x, Rgb& color) const;

 private:
  struct House {
    double height;
    Rgb paint;
    bool gap;
  };
  House house(std::int64_t number, double hand) const;

  std::uint64_t key_;
  Noise facade_;
  double sunny_side_;
};

/// Where something stands: units to the side of the road's middle, and its scale.
struct Spot {
  double side, scale;
};

void paint_tree(Canvas& canvas, const View& view, Spot spot, Rng& rng);
void paint_car(Canvas& canvas, const View& view, Spot spot, Rng& rng);

}  // namespace inlay::synth
