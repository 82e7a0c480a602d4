// Pixels of tiles as they are read, and the first half of their transform: columns.

// clang-format off
#if defined(INLAY_WINOGRAD_COLUMNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_COLUMNS_INL_H_
#undef INLAY_WINOGRAD_COLUMNS_INL_H_
#else
#define INLAY_WINOGRAD_COLUMNS_INL_H_
#endif
// clang-format on

#include "runtime/cpu/winograd/runs-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

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

/// Zeros for the columns beyond the picture.
template <int Tile>
HWY_INLINE void clear_outside(const Inside& inside, std::int64_t columns, float* half, std::ptrdiff_t half_row) {
  for (int y = 0; y < kWindow<Tile>; ++y, half += half_row) {
    std::fill(half, half + inside.begin * kLanes, 0.0f);
    std::fill(half + inside.end * kLanes, half + columns * kLanes, 0.0f);
  }
}

/// Columns of pixels of a run, each to kWindow numbers, for Size x Size pixels a tile from (top, left) on; beyond the
/// border they are zeros.
template <int Tile, int Size, class Line, class Read>
HWY_INLINE void transform_columns(Line line, Read read, const Grid& grid, const float* plane, std::int64_t top,
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
  clear_outside<Tile>(inside, columns, half, half_row);
}

/// How a pixel of an up-sampled line is made: of the pixel that it lies in, and of the next one on its side of that.
struct Nearest {
  HWY_INLINE Vector operator()(Vector near, Vector) const { return near; }
};
struct Bilinear {
  HWY_INLINE Vector operator()(Vector near, Vector other) const {
    const Tag tag;
    return hn::MulAdd(hn::Set(tag, 0.75f), near, hn::Mul(hn::Set(tag, 0.25f), other));
  }
};

/// Positions in an up-sampled line, from `begin` on, by what they are made of: pixels counted from `pixel` on. An odd
/// position lies in the later half of its pixel.
struct Halved {
  std::int64_t first, pixel;  // position and pixel of `begin`, such that no number is below zero
  explicit Halved(std::int64_t begin) : first(begin % 2 == 0 ? 2 : 1), pixel((begin - first) / 2) {}
  static constexpr std::int64_t near(std::int64_t position) { return position / 2; }
  static constexpr std::int64_t other(std::int64_t position) {
    return position % 2 == 0 ? near(position) - 1 : near(position) + 1;
  }
};

/// transform_columns of a plane of half the size that is read up-sampled. Transforms are linear: the plane's columns
/// are up-sampled downwards and transformed, then the results are up-sampled to the right.
template <int Tile, class Mix, class Line, class Read>
HWY_INLINE void up_sampled_columns(Line line, Read read, const Grid& grid, const float* plane, std::int64_t top,
                                   std::int64_t left, std::int64_t columns, float* HWY_RESTRICT half,
                                   std::ptrdiff_t half_row) {
  const Tag tag;
  const Mix mix;
  constexpr int kSize = kWindow<Tile>, kRows = kSize / 2 + 2;
  constexpr std::ptrdiff_t kNarrow = ((Tile * kRun<Tile> + kSize - Tile + 1) / 2 + 2) * kLanes;
  HWY_ALIGN float narrow[kSize * kNarrow];
  const Inside rows(top, 1, kSize, grid.height), inside(left, 1, columns, grid.width);
  const Halved down(top), right(left);
  const std::int64_t height = grid.height / 2, width = grid.width / 2;
  const float* sources[kRows];
  for (int y = 0; y < kRows; ++y)
    sources[y] = plane + std::clamp<std::int64_t>(down.pixel + y, 0, height - 1) * width * kLanes;
  const auto transform = [&]<int first, bool whole>() HWY_ATTR {
    const std::int64_t begin = std::max<std::int64_t>(0, Halved::near(right.first + inside.begin) - 1);
    const std::int64_t end = Halved::near(right.first + inside.end - 1) + 2;
    for (std::int64_t x = begin; x < end; ++x) {
      const std::ptrdiff_t at = std::clamp<std::int64_t>(right.pixel + x, 0, width - 1) * kLanes;
      Vector source[kRows], in[kSize], out[kSize];
#pragma GCC unroll 8
      for (int y = 0; y < kSize / 2 + first; ++y) source[y] = read(hn::Load(tag, sources[y] + at));
#pragma GCC unroll 8
      for (int y = 0; y < kSize; ++y) {
        const bool zero = !whole && (y < rows.begin || y >= rows.end);
        in[y] = zero ? hn::Zero(tag) : mix(source[Halved::near(first + y)], source[Halved::other(first + y)]);
      }
      line(in, out);
#pragma GCC unroll 8
      for (int y = 0; y < kSize; ++y) hn::Store(out[y], tag, narrow + y * kNarrow + x * kLanes);
    }
  };
  const bool whole = rows.begin == 0 && rows.end == kSize;
  if (down.first == 1)
    whole ? transform.template operator()<1, true>() : transform.template operator()<1, false>();
  else
    whole ? transform.template operator()<2, true>() : transform.template operator()<2, false>();
  for (int y = 0; y < kSize; ++y) {
    const auto pixel = [=, &narrow](std::int64_t x)
                           HWY_ATTR { return hn::Load(tag, narrow + y * kNarrow + x * kLanes); };
    for (std::int64_t c = inside.begin; c < inside.end; ++c) {
      const std::int64_t position = right.first + c;
      hn::Store(mix(pixel(Halved::near(position)), pixel(Halved::other(position))), tag,
                half + y * half_row + c * kLanes);
    }
  }
  clear_outside<Tile>(inside, columns, half, half_row);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
