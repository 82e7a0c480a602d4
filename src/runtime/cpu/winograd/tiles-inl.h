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

/// Tiles side by side in one row of tiles: their image, and the first pixel of the output.
struct Run {
  std::int64_t image, top, left, tiles;
};

/// Tiles that are transformed together: so few that they stay in the first-level cache halfway.
template <int Tile>
constexpr int kRun = 48 / Tile;

/// Calls body(run, its first tile - first) for the tiles first..last-1.
template <int Tile, class Body>
HWY_INLINE void for_each_run(const Tiles& tiles, std::int64_t first, std::int64_t last, Body body) {
  const std::int64_t across = tiles.across(), down = tiles.down();
  for (std::int64_t i = first, count; i < last; i += count) {
    std::int64_t index = i;
    const auto next_digit = [&](std::int64_t base) {
      const std::int64_t digit = index % base;
      index /= base;
      return digit;
    };
    const std::int64_t x = next_digit(across), y = next_digit(down);
    const std::int64_t set_x = next_digit(tiles.sets_w()), set_y = next_digit(tiles.sets_h());
    count = std::min({across - x, last - i, std::int64_t{kRun<Tile>}});
    body(Run{index, set_y + y * tiles.size * tiles.dilation_h, set_x + x * tiles.size * tiles.dilation_w, count},
         i - first);
  }
}

/// Pixels of a plane, every dilated one.
struct Grid {
  std::int64_t height, width, dilation_h, dilation_w;
};

inline Grid input_grid(const Tiles& tiles) { return {tiles.h, tiles.w, tiles.dilation_h, tiles.dilation_w}; }
inline Grid output_grid(const Tiles& tiles) { return {tiles.oh, tiles.ow, tiles.dilation_h, tiles.dilation_w}; }

/// Of `count` pixels from `first` on, `step` apart, those between 0 and `size`.
struct Inside {
  std::int64_t begin, end;
  Inside(std::int64_t first, std::int64_t step, std::int64_t count, std::int64_t size)
      : begin(std::clamp<std::int64_t>(first < 0 ? (step - 1 - first) / step : 0, 0, count)),
        end(std::clamp<std::int64_t>((size - first + step - 1) / step, begin, count)) {}
};

struct PointStrides {
  std::ptrdiff_t block, point;
  PointStrides(std::int64_t blocks, std::int64_t tiles_at_once)
      : block(tiles_at_once * kLanes), point(point_stride(blocks, kLanes, tiles_at_once)) {}
};

/// What is done to a pixel as it is read.
struct AsItIs {
  HWY_INLINE Vector operator()(Vector v) const { return v; }
};
struct NormaliseRelu {
  explicit NormaliseRelu(const float* normal)
      : mean(hn::LoadU(Tag(), normal)),
        factor(hn::LoadU(Tag(), normal + kLanes)),
        shift(hn::LoadU(Tag(), normal + 2 * kLanes)) {}
  HWY_INLINE Vector operator()(Vector v) const {
    return hn::Max(hn::MulAdd(hn::Sub(v, mean), factor, shift), hn::Zero(Tag()));
  }
  Vector mean, factor, shift;
};

/// Columns of pixels of a run, each to kWindow numbers, for Size x Size pixels a tile from (top, left) on; beyond the
/// border they are zeros.
template <int Tile, int Size, class Line, class Read>
HWY_INLINE void transform_columns(Line line, Read read, const float* plane, const Grid& grid, std::int64_t top,
                                  std::int64_t left, std::int64_t columns, float* HWY_RESTRICT half,
                                  std::ptrdiff_t half_row) {
  const Tag tag;
  const Inside rows(top, grid.dilation_h, Size, grid.height), inside(left, grid.dilation_w, columns, grid.width);
  const std::ptrdiff_t row = grid.dilation_h * grid.width * kLanes, step = grid.dilation_w * kLanes;
  const auto columns_of = [=](auto pixel) HWY_ATTR {
    for (std::int64_t c = inside.begin; c < inside.end; ++c) {
      Vector in[Size], out[kWindow<Tile>];
#pragma GCC unroll 8
      for (int y = 0; y < Size; ++y) in[y] = pixel(y, c);
      line(in, out);
#pragma GCC unroll 8
      for (int y = 0; y < kWindow<Tile>; ++y) hn::Store(out[y], tag, half + y * half_row + c * kLanes);
    }
  };
  const float* pixels = plane + (top * grid.width + left) * kLanes;
  if (rows.begin == 0 && rows.end == Size)
    columns_of([=](int y, std::int64_t c) HWY_ATTR { return read(hn::Load(tag, pixels + y * row + c * step)); });
  else
    columns_of([=](int y, std::int64_t c) HWY_ATTR {
      return y >= rows.begin && y < rows.end ? read(hn::Load(tag, pixels + y * row + c * step)) : hn::Zero(tag);
    });
  for (int y = 0; y < kWindow<Tile>; ++y) {
    std::fill(half + y * half_row, half + y * half_row + inside.begin * kLanes, 0.0f);
    std::fill(half + y * half_row + inside.end * kLanes, half + y * half_row + columns * kLanes, 0.0f);
  }
}

/// A row of the columns of `tiles` tiles to kWindow points of each.
template <int Tile, int Size, class Line>
HWY_INLINE void transform_row(Line line, const float* HWY_RESTRICT half, std::int64_t tiles, float* HWY_RESTRICT to,
                              std::ptrdiff_t point) {
  const Tag tag;
  for (std::int64_t t = 0; t < tiles; ++t) {
    Vector in[Size], out[kWindow<Tile>];
#pragma GCC unroll 8
    for (int x = 0; x < Size; ++x) in[x] = hn::Load(tag, half + (t * Tile + x) * kLanes);
    line(in, out);
#pragma GCC unroll 8
    for (int x = 0; x < kWindow<Tile>; ++x) hn::Store(out[x], tag, to + x * point + t * kLanes);
  }
}

/// Tiles first..last-1 of one channel block, Size x Size pixels of `grid` that begin (down, right) of the output's;
/// `to` is the first one's place at point 0.
template <int Tile, int Size, class Line, class Read>
HWY_INLINE void transform_tiles(Line line, Read read, const Tiles& tiles, const Plane& plane, const Grid& grid,
                                std::int64_t down, std::int64_t right, std::int64_t first, std::int64_t last,
                                float* HWY_RESTRICT to, std::ptrdiff_t point) {
  constexpr std::ptrdiff_t kHalfRow = (Tile * kRun<Tile> + Size - Tile) * kLanes;
  HWY_ALIGN float half[kWindow<Tile> * kHalfRow];
  for_each_run<Tile>(tiles, first, last, [&, to, point](const Run& run, std::int64_t offset) HWY_ATTR {
    transform_columns<Tile, Size>(line, read, plane.data + run.image * plane.image, grid, run.top + down,
                                  run.left + right, Tile * run.tiles + Size - Tile, half, kHalfRow);
    for (int y = 0; y < kWindow<Tile>; ++y)
      transform_row<Tile, Size>(line, half + y * kHalfRow, run.tiles, to + y * kWindow<Tile> * point + offset * kLanes,
                                point);
  });
}

template <int Tile>
inline void transform_input(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                            std::ptrdiff_t point) {
  const auto transform = [&](auto read) HWY_ATTR {
    transform_tiles<Tile, kWindow<Tile>>([](const Vector* d, Vector* p) HWY_ATTR { input_points<Tile>(d, p); }, read,
                                         tiles, plane, input_grid(tiles), plane.down - tiles.top,
                                         plane.right - tiles.left, first, last, to, point);
  };
  plane.normal ? transform(NormaliseRelu(plane.normal)) : transform(AsItIs());
}

/// The same for gradients of the output.
template <int Tile>
inline void transform_gradient(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                               std::ptrdiff_t point) {
  transform_tiles<Tile, Tile>([](const Vector* d, Vector* p) HWY_ATTR { gradient_points<Tile>(d, p); }, AsItIs(), tiles,
                              plane, output_grid(tiles), 0, 0, first, last, to, point);
}

/// The tiles that come next. The products of each point ask for a part of them, so that memory is busy while the
/// processor multiplies.
template <int Tile>
struct Ahead {
  std::int64_t first, last;
  std::int64_t part(std::int64_t point) const { return first + (last - first) * point / kPoints<Tile>; }
};

/// Asks for the pixels of the tiles first..last-1, `down` and `right` of their corner.
template <int Tile>
inline void prefetch_pixels(const Tiles& tiles, std::span<const Plane> planes, const Grid& grid, std::int64_t down,
                            std::int64_t right, std::int64_t first, std::int64_t last) {
  constexpr std::int64_t kLine = 16;
  for_each_run<Tile>(tiles, first, last, [&](const Run& run, std::int64_t) {
    const std::int64_t top = run.top + down, left = run.left + right, columns = Tile * run.tiles;
    const Inside rows(top, grid.dilation_h, Tile, grid.height), inside(left, grid.dilation_w, columns, grid.width);
    for (const Plane& plane : planes)
      for (std::int64_t y = rows.begin; y < rows.end; ++y) {
        const float* pixels =
            plane.data + run.image * plane.image + ((top + y * grid.dilation_h) * grid.width + left) * kLanes;
        const std::int64_t end = inside.end * grid.dilation_w * kLanes;
        for (std::int64_t x = inside.begin * grid.dilation_w * kLanes; x < end;
             x += std::max(kLine, grid.dilation_w * kLanes))
          __builtin_prefetch(pixels + x, 0, 2);
      }
  });
}

/// The lower right of the input windows: the rest belongs to windows before, too. So do those of the pieces of a kernel
/// before its last.
template <int Tile>
inline void prefetch_input(const Tiles& tiles, std::span<const Plane> x, std::int64_t first, std::int64_t last) {
  const std::int64_t down = x.back().down, right = x.back().right;
  const auto piece = std::ranges::find_if(x, [=](const Plane& p) { return p.down == down && p.right == right; });
  prefetch_pixels<Tile>(tiles, x.subspan(static_cast<std::size_t>(piece - x.begin())), input_grid(tiles),
                        2 * tiles.dilation_h - tiles.top + down, 2 * tiles.dilation_w - tiles.left + right, first,
                        last);
}

template <int Tile>
inline void prefetch_gradient(const Tiles& tiles, std::span<const Plane> dy, std::int64_t first, std::int64_t last) {
  prefetch_pixels<Tile>(tiles, dy, output_grid(tiles), 0, 0, first, last);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
