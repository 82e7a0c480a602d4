// Which tiles lie side by side, and which of their pixels lie in the picture.

// clang-format off
#if defined(INLAY_WINOGRAD_RUNS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_RUNS_INL_H_
#undef INLAY_WINOGRAD_RUNS_INL_H_
#else
#define INLAY_WINOGRAD_RUNS_INL_H_
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

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
