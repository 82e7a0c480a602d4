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
  std::int64_t image, y, x;

  TilePlace(const Tiles& tiles, std::int64_t index)
      : image(index / (tiles.down() * tiles.across())),
        y(index / tiles.across() % tiles.down()),
        x(index % tiles.across()) {}
  void next(const Tiles& tiles) {
    if (++x < tiles.across()) return;
    x = 0;
    if (++y < tiles.down()) return;
    y = 0;
    ++image;
  }
};

/// Calls body(pixels, floats from a row to the next) for Size x Size pixels of a plane of height x width from (top,
/// left) on; beyond the border they are zeros.
template <int Size, class Body>
HWY_INLINE void with_window(const float* plane, std::int64_t height, std::int64_t width, std::int64_t top,
                            std::int64_t left, Body body) {
  if (top >= 0 && left >= 0 && top + Size <= height && left + Size <= width)
    return body(plane + (top * width + left) * kLanes, width * kLanes);
  const Tag tag;
  HWY_ALIGN float window[Size * Size * kLanes];
  for (int y = 0; y < Size; ++y)
    for (int x = 0; x < Size; ++x) {
      const bool inside = top + y >= 0 && top + y < height && left + x >= 0 && left + x < width;
      hn::Store(inside ? hn::Load(tag, plane + ((top + y) * width + left + x) * kLanes) : hn::Zero(tag), tag,
                window + (y * Size + x) * kLanes);
    }
  body(window, Size * kLanes);
}

struct PointStrides {
  std::ptrdiff_t block, point;
  PointStrides(std::int64_t blocks, std::int64_t tiles_at_once)
      : block(tiles_at_once * kLanes), point(point_stride(blocks, kLanes, tiles_at_once)) {}
};

/// Size x Size pixels to 36 points.
template <int Size, bool stream = false, class Line>
HWY_INLINE void transform_pixels(Line line, const float* HWY_RESTRICT pixels, std::ptrdiff_t row,
                                 float* HWY_RESTRICT to, std::ptrdiff_t point) {
  const Tag tag;
  transform<Size, kWindow>(
      line, [=](int y, int x) HWY_ATTR { return hn::Load(tag, pixels + y * row + x * kLanes); },
      [=](int y, int x, Vector value) HWY_ATTR {
        float* place = to + (y * kWindow + x) * point;
        stream ? hn::Stream(value, tag, place) : hn::Store(value, tag, place);
      });
}

/// Input tiles first..last-1 of one channel block; `to` is the first one's place at point 0.
inline void transform_input(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                            std::ptrdiff_t point) {
  TilePlace place(tiles, first);
  for (std::int64_t i = first; i < last; ++i, place.next(tiles), to += kLanes)
    with_window<kWindow>(plane.data + place.image * plane.image, tiles.h, tiles.w, place.y * kTile - tiles.top,
                         place.x * kTile - tiles.left, [=](const float* pixels, std::ptrdiff_t row) HWY_ATTR {
                           transform_pixels<kWindow>([](const Vector* d, Vector* p) HWY_ATTR { input_points(d, p); },
                                                     pixels, row, to, point);
                         });
}

/// The same for gradients of the output.
inline void transform_gradient(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                               std::ptrdiff_t point) {
  TilePlace place(tiles, first);
  for (std::int64_t i = first; i < last; ++i, place.next(tiles), to += kLanes)
    with_window<kTile>(plane.data + place.image * plane.image, tiles.oh, tiles.ow, place.y * kTile, place.x * kTile,
                       [=](const float* pixels, std::ptrdiff_t row) HWY_ATTR {
                         transform_pixels<kTile>([](const Vector* d, Vector* p) HWY_ATTR { gradient_points(d, p); },
                                                 pixels, row, to, point);
                       });
}

/// The tiles that come next. The products of each point ask for a part of them, so that memory is busy while the
/// processor multiplies.
struct Ahead {
  std::int64_t first, last;
  std::int64_t part(std::int64_t point) const { return first + (last - first) * point / kPoints; }
};

/// Asks for 4x4 pixels of each of the tiles first..last-1, `down` and `right` of their corner.
inline void prefetch_pixels(const Tiles& tiles, std::span<const Plane> planes, std::int64_t height, std::int64_t width,
                            std::int64_t down, std::int64_t right, std::int64_t first, std::int64_t last) {
  TilePlace place(tiles, first);
  for (std::int64_t i = first; i < last; ++i, place.next(tiles)) {
    const std::int64_t top = place.y * kTile + down, left = place.x * kTile + right;
    if (top < 0 || left < 0 || top + kTile > height || left + kTile > width) continue;
    for (const Plane& plane : planes) {
      const float* from = plane.data + place.image * plane.image + (top * width + left) * kLanes;
      for (int y = 0; y < kTile; ++y)
        for (int x = 0; x < kTile * kLanes; x += 16) __builtin_prefetch(from + y * width * kLanes + x, 0, 2);
    }
  }
}

/// The lower right of the input windows: the rest belongs to windows before, too.
inline void prefetch_input(const Tiles& tiles, std::span<const Plane> x, std::int64_t first, std::int64_t last) {
  prefetch_pixels(tiles, x, tiles.h, tiles.w, 2 - tiles.top, 2 - tiles.left, first, last);
}

inline void prefetch_gradient(const Tiles& tiles, std::span<const Plane> dy, std::int64_t first, std::int64_t last) {
  prefetch_pixels(tiles, dy, tiles.oh, tiles.ow, 0, 0, first, last);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
