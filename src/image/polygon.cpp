#include "image/polygon.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "base/fail.h"

namespace inlay {
namespace {

constexpr int kFine = 5;  // grid steps of a pixel

double checked(double coordinate) {
  constexpr double kMost = 1e6;
  if (!(std::abs(coordinate) <= kMost))
    fail_input("the coordinate {} is no place in a picture; expected pixels, at most {} from the origin", coordinate,
               kMost);
  return coordinate;
}

// Walks from corner to corner one grid step at a time along the longer side; `visit` gets every point.
template <class Visit>
void walk(FinePoint from, FinePoint to, Visit&& visit) {
  const int dx = std::abs(to.x - from.x), dy = std::abs(to.y - from.y);
  const bool along_x = dx >= dy;
  const int steps = std::max(dx, dy);
  if (steps == 0) return;
  // The line is always worked out from its left or upper end, so that both directions round alike.
  const bool flipped = along_x ? from.x > to.x : from.y > to.y;
  if (flipped) std::swap(from, to);
  const double slope = along_x ? static_cast<double>(to.y - from.y) / dx : static_cast<double>(to.x - from.x) / dy;
  for (int step = 0; step <= steps; ++step) {
    const int t = flipped ? steps - step : step;
    if (along_x)
      visit(from.x + t, static_cast<int>(from.y + slope * t + 0.5));
    else
      visit(static_cast<int>(from.x + slope * t + 0.5), from.y + t);
  }
}

// Where the outline passes the middles of columns, as numbers of pixels down the columns; from each on, inside and
// outside change places.
std::vector<std::int64_t> find_crossings(std::span<const FinePoint> corners, std::int64_t height, std::int64_t width) {
  std::vector<std::int64_t> crossings;
  bool first = true;
  int last_x = 0, last_y = 0;
  const auto visit = [&](int x, int y) {
    const int left = std::min(x, last_x);
    // Between grid lines 2 and 3 of its column, which lie a tenth of a pixel on each side of the middle.
    if (!first && x != last_x && left >= 0 && left % kFine == kFine / 2 && left / kFine < width) {
      const double row = (std::min(y, last_y) + 0.5) / kFine - 0.5;
      crossings.push_back(left / kFine * height +
                          static_cast<std::int64_t>(std::ceil(std::clamp(row, 0.0, static_cast<double>(height)))));
    }
    first = false;
    last_x = x;
    last_y = y;
  };
  for (std::size_t i = 0; i < corners.size(); ++i) walk(corners[i], corners[(i + 1) % corners.size()], visit);
  std::ranges::sort(crossings);
  return crossings;
}

// Rows and columns outside of the mask are left out; from `left` to `right`, both included.
void fill_row(std::int64_t y, std::int64_t left, std::int64_t right, std::uint8_t label, Mask& mask) {
  if (y < 0 || y >= mask.height()) return;
  left = std::max<std::int64_t>(left, 0);
  right = std::min(right, mask.width() - 1);
  if (left > right) return;
  std::fill_n(mask.labels.data<std::uint8_t>().data() + y * mask.width() + left, right - left + 1, label);
}

struct Pixel {
  std::int64_t x, y;
};

Pixel cut(Point point) {
  return {static_cast<std::int64_t>(checked(point.x)), static_cast<std::int64_t>(checked(point.y))};
}

struct Edge {
  Pixel top, bottom;
  float at(std::int64_t y) const {
    return static_cast<float>(y - top.y) *
               (static_cast<float>(bottom.x - top.x) / static_cast<float>(bottom.y - top.y)) +
           static_cast<float>(top.x);
  }
};

// Halves go outwards at the left end of a run and inwards at the right one.
std::int64_t left_end(float x) { return static_cast<std::int64_t>(std::floor(x + 0.5f)); }
std::int64_t right_end(float x) { return static_cast<std::int64_t>(std::ceil(x - 0.5f)); }

// The x of the edges that pass the row. An end in the middle of the polygon belongs to the edge above it twice, so that
// the number stays even.
void find_passes(const std::vector<Edge>& edges, std::int64_t y, std::int64_t last, std::vector<float>& passes) {
  passes.clear();
  for (const Edge& edge : edges) {
    if (y < edge.top.y || y > edge.bottom.y) continue;
    passes.push_back(edge.at(y));
    if (y == edge.bottom.y && y < last) passes.push_back(passes.back());
  }
  std::ranges::sort(passes);
}

}  // namespace

FinePoint fine_point(Point point) {
  return {static_cast<std::int32_t>(kFine * checked(point.x) + 0.5),
          static_cast<std::int32_t>(kFine * checked(point.y) + 0.5)};
}

void paint_coco_polygon(std::span<const FinePoint> corners, std::uint8_t label, Mask& mask) {
  if (corners.size() < 3) return;
  const std::int64_t height = mask.height(), width = mask.width();
  const std::vector<std::int64_t> crossings = find_crossings(corners, height, width);
  auto labels = mask.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2)
    for (std::int64_t at = crossings[i]; at < crossings[i + 1]; ++at)
      labels[static_cast<std::size_t>(at % height * width + at / height)] = label;
}

void paint_outlined_polygon(std::span<const Point> corners, std::uint8_t label, Mask& mask) {
  if (corners.empty()) return;
  std::vector<Edge> edges;
  std::int64_t first = INT64_MAX, last = INT64_MIN;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    Pixel a = cut(corners[i]), b = cut(corners[(i + 1) % corners.size()]);
    first = std::min(first, a.y);
    last = std::max(last, a.y);
    if (a.y == b.y) {
      fill_row(a.y, std::min(a.x, b.x), std::max(a.x, b.x), label, mask);
      continue;
    }
    if (a.y > b.y) std::swap(a, b);
    edges.push_back({a, b});
  }
  std::vector<float> passes;
  for (std::int64_t y = std::max<std::int64_t>(first, 0); y <= std::min(last, mask.height() - 1); ++y) {
    find_passes(edges, y, last, passes);
    for (std::size_t i = 0; i + 1 < passes.size(); i += 2)
      fill_row(y, left_end(passes[i]), right_end(passes[i + 1]), label, mask);
  }
}

void paint_rectangle(Point a, Point b, std::uint8_t label, Mask& mask) {
  const Pixel one = cut(a), other = cut(b);
  const auto [first, last] = std::minmax(one.y, other.y);
  for (std::int64_t y = std::max<std::int64_t>(first, 0); y <= std::min(last, mask.height() - 1); ++y)
    fill_row(y, std::min(one.x, other.x), std::max(one.x, other.x), label, mask);
}

void paint_circle(Point centre, double radius, std::uint8_t label, Mask& mask) {
  checked(radius);
  const Pixel first = cut({centre.x - radius, centre.y - radius}), last = cut({centre.x + radius, centre.y + radius});
  const double x = static_cast<double>(first.x + last.x) / 2, y = static_cast<double>(first.y + last.y) / 2;
  const double across = static_cast<double>(last.x - first.x) / 2, down = static_cast<double>(last.y - first.y) / 2;
  for (std::int64_t row = std::max<std::int64_t>(first.y, 0); row <= std::min(last.y, mask.height() - 1); ++row) {
    // The pixels' middles are on whole numbers; what is half a pixel outside of the curve is still passed by it.
    const double dy = std::max(0.0, std::abs(static_cast<double>(row) - y) - 0.25) / std::max(down, 0.5);
    const double half = across * std::sqrt(std::max(0.0, 1 - dy * dy));
    fill_row(row, std::llround(x - half), std::llround(x + half), label, mask);
  }
}

}  // namespace inlay
