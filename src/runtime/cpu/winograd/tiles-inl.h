// Tiles between pictures and transformed points.

// clang-format off
#if defined(INLAY_WINOGRAD_TILES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_TILES_INL_H_
#undef INLAY_WINOGRAD_TILES_INL_H_
#else
#define INLAY_WINOGRAD_TILES_INL_H_
#endif
// clang-format on

#include <algorithm>

#include "runtime/cpu/winograd/transforms-inl.h"
#include "runtime/cpu/winograd/winograd.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

/// Where a tile lies; moves on in the order of Tiles.
struct TilePlace {
  std::int64_t image, set_y, set_x, y, x;

  TilePlace(const Tiles& tiles, std::int64_t index) {
    const auto next_digit = [&](std::int64_t base) {
      const std::int64_t digit = index % base;
      index /= base;
      return digit;
    };
    x = next_digit(tiles.across());
    y = next_digit(tiles.down());
    set_x = next_digit(tiles.sets_w());
    set_y = next_digit(tiles.sets_h());
    image = index;
  }
  void next(const Tiles& tiles) {
    if (++x < tiles.across()) return;
    x = 0;
    if (++y < tiles.down()) return;
    y = 0;
    if (++set_x < tiles.sets_w()) return;
    set_x = 0;
    if (++set_y < tiles.sets_h()) return;
    set_y = 0;
    ++image;
  }
  /// The first pixel of the output.
  std::int64_t top(const Tiles& tiles) const { return set_y + y * kTile * tiles.dilation_h; }
  std::int64_t left(const Tiles& tiles) const { return set_x + x * kTile * tiles.dilation_w; }
};

/// Pixels of a plane, every dilated one.
struct Grid {
  std::int64_t height, width, dilation_h, dilation_w;

  bool holds(std::int64_t top, std::int64_t left, std::int64_t size) const {
    return top >= 0 && left >= 0 && top + (size - 1) * dilation_h < height && left + (size - 1) * dilation_w < width;
  }
};

inline Grid input_grid(const Tiles& tiles) { return {tiles.h, tiles.w, tiles.dilation_h, tiles.dilation_w}; }
inline Grid output_grid(const Tiles& tiles) { return {tiles.oh, tiles.ow, tiles.dilation_h, tiles.dilation_w}; }

/// Calls body(pixels, floats from a row to the next, floats from a pixel to the next) for Size x Size pixels of a plane
/// from (top, left) on; beyond the border they are zeros.
template <int Size, class Body>
HWY_INLINE void with_window(const float* plane, const Grid& grid, std::int64_t top, std::int64_t left, Body body) {
  if (grid.holds(top, left, Size)) {
    const float* pixels = plane + (top * grid.width + left) * kLanes;
    if (grid.dilation_w == 1) return body(pixels, grid.dilation_h * grid.width * kLanes, kLanes);
    return body(pixels, grid.dilation_h * grid.width * kLanes, grid.dilation_w * kLanes);
  }
  const Tag tag;
  HWY_ALIGN float window[Size * Size * kLanes];
  for (int i = 0; i < Size * Size; ++i) {
    const std::int64_t y = top + i / Size * grid.dilation_h, x = left + i % Size * grid.dilation_w;
    hn::Store(grid.holds(y, x, 1) ? hn::Load(tag, plane + (y * grid.width + x) * kLanes) : hn::Zero(tag), tag,
              window + i * kLanes);
  }
  body(window, Size * kLanes, kLanes);
}

struct PointStrides {
  std::ptrdiff_t block, point;
  PointStrides(std::int64_t blocks, std::int64_t tiles_at_once)
      : block(tiles_at_once * kLanes), point(point_stride(blocks, kLanes, tiles_at_once)) {}
};

/// Size x Size pixels to 36 points.
template <int Size, class Line>
HWY_INLINE void transform_pixels(Line line, const float* HWY_RESTRICT pixels, std::ptrdiff_t row, std::ptrdiff_t pixel,
                                 float* HWY_RESTRICT to, std::ptrdiff_t point) {
  const Tag tag;
  transform<Size, kWindow>(
      line, [=](int y, int x) HWY_ATTR { return hn::Load(tag, pixels + y * row + x * pixel); },
      [=](int y, int x, Vector value) HWY_ATTR { hn::Store(value, tag, to + (y * kWindow + x) * point); });
}

/// Input tiles first..last-1 of one channel block; `to` is the first one's place at point 0.
inline void transform_input(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                            std::ptrdiff_t point) {
  TilePlace place(tiles, first);
  for (std::int64_t i = first; i < last; ++i, place.next(tiles), to += kLanes)
    with_window<kWindow>(plane.data + place.image * plane.image, input_grid(tiles),
                         place.top(tiles) - tiles.top + plane.down, place.left(tiles) - tiles.left + plane.right,
                         [=](const float* pixels, std::ptrdiff_t row, std::ptrdiff_t pixel) HWY_ATTR {
                           transform_pixels<kWindow>([](const Vector* d, Vector* p) HWY_ATTR { input_points(d, p); },
                                                     pixels, row, pixel, to, point);
                         });
}

/// The same for gradients of the output.
inline void transform_gradient(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                               std::ptrdiff_t point) {
  TilePlace place(tiles, first);
  for (std::int64_t i = first; i < last; ++i, place.next(tiles), to += kLanes)
    with_window<kTile>(plane.data + place.image * plane.image, output_grid(tiles), place.top(tiles), place.left(tiles),
                       [=](const float* pixels, std::ptrdiff_t row, std::ptrdiff_t pixel) HWY_ATTR {
                         transform_pixels<kTile>([](const Vector* d, Vector* p) HWY_ATTR { gradient_points(d, p); },
                                                 pixels, row, pixel, to, point);
                       });
}

/// The tiles that come next. The products of each point ask for a part of them, so that memory is busy while the
/// processor multiplies.
struct Ahead {
  std::int64_t first, last;
  std::int64_t part(std::int64_t point) const { return first + (last - first) * point / kPoints; }
};

/// Asks for 4x4 pixels of each of the tiles first..last-1, `down` and `right` of their corner.
inline void prefetch_pixels(const Tiles& tiles, std::span<const Plane> planes, const Grid& grid, std::int64_t down,
                            std::int64_t right, std::int64_t first, std::int64_t last) {
  const std::int64_t row = grid.dilation_h * grid.width * kLanes;
  const std::int64_t step = grid.dilation_w == 1 ? 16 : grid.dilation_w * kLanes;
  TilePlace place(tiles, first);
  for (std::int64_t i = first; i < last; ++i, place.next(tiles)) {
    const std::int64_t top = place.top(tiles) + down, left = place.left(tiles) + right;
    if (!grid.holds(top, left, kTile)) continue;
    for (const Plane& plane : planes) {
      const float* from = plane.data + place.image * plane.image + (top * grid.width + left) * kLanes;
      for (int y = 0; y < kTile; ++y)
        for (std::int64_t x = 0; x < kTile * grid.dilation_w * kLanes; x += step)
          __builtin_prefetch(from + y * row + x, 0, 2);
    }
  }
}

/// The lower right of the input windows: the rest belongs to windows before, too. So do those of the pieces of a kernel
/// before its last.
inline void prefetch_input(const Tiles& tiles, std::span<const Plane> x, std::int64_t first, std::int64_t last) {
  const std::int64_t down = x.back().down, right = x.back().right;
  const auto piece = std::ranges::find_if(x, [=](const Plane& p) { return p.down == down && p.right == right; });
  prefetch_pixels(tiles, x.subspan(static_cast<std::size_t>(piece - x.begin())), input_grid(tiles),
                  2 * tiles.dilation_h - tiles.top + down, 2 * tiles.dilation_w - tiles.left + right, first, last);
}

inline void prefetch_gradient(const Tiles& tiles, std::span<const Plane> dy, std::int64_t first, std::int64_t last) {
  prefetch_pixels(tiles, dy, output_grid(tiles), 0, 0, first, last);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
