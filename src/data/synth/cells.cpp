#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "data/synth/paint.h"

namespace inlay::synth {
namespace {

constexpr double kSpacing = 34.0;  // pixels between cells
constexpr std::uint8_t kInterior = 0, kMembrane = 1;

struct Cell {
  double y = 0.0, x = 0.0;
  float shade = 0.0f;
};

// Voronoi cells about the points of a shaken hexagonal grid, two rows and columns wider than the picture on every side.
class Tissue {
 public:
  Tissue(std::int64_t height, std::int64_t width, Rng& rng);

  struct Place {
    const Cell* cell;
    double border;  // pixels to the nearest edge of the cell
  };
  Place find(double y, double x) const;
  const std::vector<Cell>& cells() const { return cells_; }

 private:
  std::int64_t rows_, columns_;
  std::vector<Cell> cells_;
};

Tissue::Tissue(std::int64_t height, std::int64_t width, Rng& rng)
    : rows_(static_cast<std::int64_t>(static_cast<double>(height) / kSpacing) + 6),
      columns_(static_cast<std::int64_t>(static_cast<double>(width) / kSpacing) + 6) {
  for (std::int64_t i = 0; i < rows_; ++i)
    for (std::int64_t j = 0; j < columns_; ++j) {
      const double shift = i % 2 == 0 ? 0.0 : 0.5;
      const bool dark = rng.chance(0.2);
      cells_.push_back({(static_cast<double>(i) - 2.0 + rng.uniform(-0.36, 0.36)) * kSpacing,
                        (static_cast<double>(j) - 2.0 + shift + rng.uniform(-0.36, 0.36)) * kSpacing,
                        static_cast<float>(dark ? rng.uniform(0.43, 0.53) : rng.uniform(0.58, 0.8))});
    }
}

Tissue::Place Tissue::find(double y, double x) const {
  const auto row = static_cast<std::int64_t>(std::round(y / kSpacing)) + 2,
             column = static_cast<std::int64_t>(std::round(x / kSpacing)) + 2;
  std::array<const Cell*, 25> near{};
  std::size_t count = 0;
  const Cell* nearest = nullptr;
  double best = std::numeric_limits<double>::max();
  const auto squared = [&](const Cell& cell) { return (cell.y - y) * (cell.y - y) + (cell.x - x) * (cell.x - x); };
  for (std::int64_t i = std::max<std::int64_t>(row - 2, 0); i <= std::min(row + 2, rows_ - 1); ++i)
    for (std::int64_t j = std::max<std::int64_t>(column - 2, 0); j <= std::min(column + 2, columns_ - 1); ++j) {
      const Cell& cell = cells_[static_cast<std::size_t>(i * columns_ + j)];
      near[count++] = &cell;
      if (squared(cell) >= best) continue;
      best = squared(cell);
      nearest = &cell;
    }
  double border = std::numeric_limits<double>::max();
  for (std::size_t k = 0; k < count; ++k) {
    if (near[k] == nearest) continue;
    // Distance to the line that halves the way between the two points.
    const double apart_y = near[k]->y - nearest->y, apart_x = near[k]->x - nearest->x;
    const double apart = std::sqrt(apart_y * apart_y + apart_x * apart_x);
    border = std::min(border, (squared(*near[k]) - best) / (2.0 * apart));
  }
  return {nearest, border};
}

class Painter {
 public:
  Painter(std::int64_t height, std::int64_t width, std::uint64_t key)
      : rng_(key),
        bend_(rng_.next()),
        texture_(rng_.next()),
        canvas_(height, width, 1),
        tissue_(height, width, rng_),
        room_(static_cast<std::size_t>(height * width)) {}

  Sample paint() {
    paint_tissue();
    for (const Cell& cell : tissue_.cells()) fill(cell);
    shade();
    canvas_.blur(static_cast<float>(rng_.uniform(0.55, 0.85)));
    canvas_.scale(static_cast<float>(rng_.uniform(0.8, 1.1)), static_cast<float>(rng_.uniform(-0.06, 0.06)));
    canvas_.add_noise(static_cast<float>(rng_.uniform(0.03, 0.06)), rng_);
    return canvas_.finish();
  }

 private:
  void paint_tissue();
  void fill(const Cell& cell);
  void mitochondrion(double y, double x);
  void vesicle(double y, double x);
  void granule(double y, double x);
  void reticulum(double y, double x);
  void shade();
  // Calls body(dy, dx, pixel) for the pixels within `radius` that have room for something beside the membrane.
  template <class Body>
  void around(double y, double x, double radius, Body&& body);

  Rng rng_;
  Noise bend_, texture_;
  Canvas canvas_;
  Tissue tissue_;
  std::vector<float> room_;  // pixels to the membrane's edge
};

void Painter::paint_tissue() {
  for (std::int64_t y = 0; y < canvas_.height(); ++y)
    for (std::int64_t x = 0; x < canvas_.width(); ++x) {
      const auto fy = static_cast<double>(y), fx = static_cast<double>(x);
      const Tissue::Place place = tissue_.find(fy + 5.0 * bend_.fractal(fy / 22.0, fx / 22.0, 2),
                                               fx + 5.0 * bend_.fractal(fy / 22.0 + 500.0, fx / 22.0, 2));
      const double half = 2.7 + 1.5 * bend_.at(fy / 30.0, fx / 30.0 + 900.0);
      const float grain = texture_.fractal(fy / 5.0, fx / 5.0, 3);
      const bool membrane = place.border < half;
      canvas_.label(y, x) = membrane ? kMembrane : kInterior;
      *canvas_.at(y, x) = membrane ? 0.27f + 0.07f * grain : place.cell->shade + 0.1f * grain;
      room_[static_cast<std::size_t>(y * canvas_.width() + x)] = static_cast<float>(place.border - half);
    }
}

template <class Body>
void Painter::around(double y, double x, double radius, Body&& body) {
  const auto low = [&](double v) {
    return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::ceil(v - radius)));
  };
  const auto high = [&](double v, std::int64_t size) {
    return std::min<std::int64_t>(size - 1, static_cast<std::int64_t>(std::floor(v + radius)));
  };
  for (std::int64_t i = low(y); i <= high(y, canvas_.height()); ++i)
    for (std::int64_t j = low(x); j <= high(x, canvas_.width()); ++j)
      if (room_[static_cast<std::size_t>(i * canvas_.width() + j)] > 1.5f)
        body(static_cast<double>(i) - y, static_cast<double>(j) - x, *canvas_.at(i, j));
}

// An ellipse with a dark rim and stripes across.
void Painter::mitochondrion(double y, double x) {
  const double angle = rng_.uniform(0.0, std::numbers::pi), c = std::cos(angle), s = std::sin(angle);
  const double length = rng_.uniform(4.5, 8.5), breadth = rng_.uniform(3.0, 4.8), phase = rng_.uniform(0.0, 6.0);
  around(y, x, length + 1.0, [&](double dy, double dx, float& pixel) {
    const double along = c * dx + s * dy, across = c * dy - s * dx;
    const double r = std::hypot(along / length, across / breadth);
    if (r > 1.0) return;
    const auto stripe = static_cast<float>(std::sin(along * 2.2 + phase));
    pixel = r > 1.0 - 1.3 / breadth ? 0.24f : 0.4f + 0.07f * stripe;
  });
}

void Painter::vesicle(double y, double x) {
  const double radius = rng_.uniform(1.8, 3.2);
  around(y, x, radius + 1.0, [&](double dy, double dx, float& pixel) {
    const double r = std::hypot(dy, dx);
    if (r < radius) pixel = r > radius - 1.2 ? 0.3f : 0.72f;
  });
}

void Painter::granule(double y, double x) {
  const double radius = rng_.uniform(2.0, 4.5);
  around(y, x, radius, [&](double dy, double dx, float& pixel) {
    if (std::hypot(dy, dx) < radius) pixel = 0.26f + 0.05f * texture_.at(y + dy, x + dx);
  });
}

// A thin dark arc, like a piece of membrane that encloses nothing.
void Painter::reticulum(double y, double x) {
  const double radius = rng_.uniform(6.0, 14.0), from = rng_.uniform(-std::numbers::pi, std::numbers::pi);
  const double span = rng_.uniform(0.6, 1.6);
  around(y, x, radius + 1.0, [&](double dy, double dx, float& pixel) {
    double turn = std::atan2(dy, dx) - from;
    if (turn < 0.0) turn += 2.0 * std::numbers::pi;
    if (turn < span && std::abs(std::hypot(dy, dx) - radius) < 0.9) pixel = 0.3f;
  });
}

void Painter::fill(const Cell& cell) {
  const auto near = [&] { return rng_.uniform(-0.32, 0.32) * kSpacing; };
  for (std::int64_t i = rng_.below(3); i > 0; --i) mitochondrion(cell.y + near(), cell.x + near());
  for (std::int64_t i = rng_.below(3); i > 0; --i) reticulum(cell.y + near(), cell.x + near());
  for (std::int64_t i = rng_.below(4); i > 0; --i) granule(cell.y + near(), cell.x + near());
  const double y = cell.y + near(), x = cell.x + near();
  for (std::int64_t i = rng_.below(6); i > 0; --i) vesicle(y + rng_.uniform(-6.0, 6.0), x + rng_.uniform(-6.0, 6.0));
}

// Uneven staining and illumination.
void Painter::shade() {
  const Noise stain(rng_.next());
  for (std::int64_t y = 0; y < canvas_.height(); ++y)
    for (std::int64_t x = 0; x < canvas_.width(); ++x)
      *canvas_.at(y, x) *=
          1.0f + 0.45f * stain.fractal(static_cast<double>(y) / 70.0, static_cast<double>(x) / 70.0, 2);
}

}  // namespace

Sample paint_cells(std::int64_t height, std::int64_t width, std::uint64_t key) {
  return Painter(height, width, key).paint();
}

}  // namespace inlay::synth
