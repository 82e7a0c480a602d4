// Tiles between pictures and transformed points.

// clang-format off
#if defined(INLAY_WINOGRAD_TILES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_TILES_INL_H_
#undef INLAY_WINOGRAD_TILES_INL_H_
#else
#define INLAY_WINOGRAD_TILES_INL_H_
#endif
// clang-format on

#include "runtime/cpu/winograd/columns-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

struct PointStrides {
  std::ptrdiff_t block, point;
  PointStrides(std::int64_t blocks, std::int64_t tiles_at_once)
      : block(tiles_at_once * kLanes), point(point_stride(blocks, kLanes, tiles_at_once)) {}
};

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

/// Tiles first..last-1 of one channel block, Size x Size pixels that begin (down, right) of the output's; `to` is the
/// first one's place at point 0. `columns` is transform_columns, or does the same otherwise.
template <int Tile, int Size, class Line, class Columns>
HWY_INLINE void transform_tiles(Line line, Columns columns, const Tiles& tiles, const Plane& plane, std::int64_t down,
                                std::int64_t right, std::int64_t first, std::int64_t last, float* HWY_RESTRICT to,
                                std::ptrdiff_t point) {
  constexpr std::ptrdiff_t kHalfRow = (Tile * kRun<Tile> + Size - Tile) * kLanes;
  HWY_ALIGN float half[kWindow<Tile> * kHalfRow];
  for_each_run<Tile>(tiles, first, last, [&, to, point](const Run& run, std::int64_t offset) HWY_ATTR {
    columns(line, plane.data + run.image * plane.image, run.top + down, run.left + right,
            Tile * run.tiles + Size - Tile, half, kHalfRow);
    for (int y = 0; y < kWindow<Tile>; ++y)
      transform_row<Tile, Size>(line, half + y * kHalfRow, run.tiles, to + y * kWindow<Tile> * point + offset * kLanes,
                                point);
  });
}

template <int Tile>
inline void transform_input(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                            std::ptrdiff_t point) {
  const Grid grid = input_grid(tiles);
  const auto transform = [&](auto columns) HWY_ATTR {
    transform_tiles<Tile, kWindow<Tile>>([](const Vector* d, Vector* p) HWY_ATTR { input_points<Tile>(d, p); }, columns,
                                         tiles, plane, plane.down - tiles.top, plane.right - tiles.left, first, last,
                                         to, point);
  };
  const auto transform_as = [&](auto read) HWY_ATTR {
    if (plane.up == UpSampled::no)
      transform([=](auto line, auto... of)
                    HWY_ATTR { transform_columns<Tile, kWindow<Tile>>(line, read, grid, of...); });
    else if (plane.up == UpSampled::nearest)
      transform([=](auto line, auto... of) HWY_ATTR { up_sampled_columns<Tile, Nearest>(line, read, grid, of...); });
    else
      transform([=](auto line, auto... of) HWY_ATTR { up_sampled_columns<Tile, Bilinear>(line, read, grid, of...); });
  };
  plane.normal ? transform_as(NormaliseRelu(plane.normal)) : transform_as(AsItIs());
}

/// The same for gradients of the output.
template <int Tile>
inline void transform_gradient(const Tiles& tiles, const Plane& plane, std::int64_t first, std::int64_t last, float* to,
                               std::ptrdiff_t point) {
  const Grid grid = output_grid(tiles);
  transform_tiles<Tile, Tile>([](const Vector* d, Vector* p) HWY_ATTR { gradient_points<Tile>(d, p); },
                              [=](auto line, auto... of)
                                  HWY_ATTR { transform_columns<Tile, Tile>(line, AsItIs(), grid, of...); },
                              tiles, plane, 0, 0, first, last, to, point);
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
    for (const Plane& plane : planes) {
      const std::int64_t scale = plane.up == UpSampled::no ? 1 : 2;  // of what is read to the plane
      for (std::int64_t y = rows.begin; y < rows.end; y += scale) {
        const float* line =
            plane.data + run.image * plane.image + (top + y * grid.dilation_h) / scale * (grid.width / scale) * kLanes;
        const std::int64_t begin = left + inside.begin * grid.dilation_w, end = left + inside.end * grid.dilation_w;
        const float* stop = line + end / scale * kLanes;
        for (const float* at = line + begin / scale * kLanes; at < stop;
             at += std::max(kLine, grid.dilation_w * kLanes))
          __builtin_prefetch(at, 0, 2);
      }
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
