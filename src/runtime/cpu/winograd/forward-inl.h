// The convolution itself: input transform, a product for each point, output transform with bias, sum and activation.

// clang-format off
#if defined(INLAY_WINOGRAD_FORWARD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_FORWARD_INL_H_
#undef INLAY_WINOGRAD_FORWARD_INL_H_
#else
#define INLAY_WINOGRAD_FORWARD_INL_H_
#endif
// clang-format on

#include "runtime/cpu/epilogue/epilogue-inl.h"
#include "runtime/cpu/winograd/tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

/// Input channel blocks summed in registers before the sum goes to memory: 256 channels, which bounds rounding.
constexpr std::int64_t kSummed = 256 / kLanes;

/// Packed weights: [point][panel][input channel][vector of the panel][lane].
struct PackedWeights {
  std::int64_t inputs, blocks;  // input channels, output channel blocks

  std::ptrdiff_t point() const {
    return pair_stride(static_cast<std::size_t>(inputs), static_cast<std::size_t>(blocks * kLanes));
  }
  std::int64_t panel_width(std::int64_t panel) const { return std::min<std::int64_t>(kPanel, blocks - panel * kPanel); }
  std::ptrdiff_t panel(std::int64_t panel) const { return panel * kPanel * kLanes * inputs; }
};

/// `rows` rows of points times a panel of packed weights; adds to the products or starts them.
inline void multiply_panel(Rows points, std::int64_t rows, std::int64_t blocks, const float* packed, int width,
                           float* products, std::ptrdiff_t row, bool add) {
  with_vectors(width, [=]<int N>() HWY_ATTR {
    constexpr int R = kRows<N>;
    for (std::int64_t r = 0; r < rows; r += R)
      product<R, N>(points.from(r), blocks, packed, [=](int i, int v, Vector sum) HWY_ATTR {
        add_or_store(sum, products + (r + i) * row + v * kLanes, add);
      });
  });
}

/// All points of the output channel blocks first..last-1 into `products`.
template <int Tile>
inline void multiply_group(const ForwardCall& call, std::int64_t tiles, std::int64_t first, std::int64_t last,
                           const float* points, float* products, const Ahead<Tile>& ahead) {
  const auto x_blocks = static_cast<std::int64_t>(call.x.size());
  const PointStrides strides(x_blocks, call.tiles_at_once), out(last - first, call.tiles_at_once);
  const PackedWeights packed{call.inputs, static_cast<std::int64_t>(call.output.y.size())};
  std::ptrdiff_t offsets[kSummed];
  for (std::int64_t k = 0; k < kSummed; ++k) offsets[k] = k * strides.block;
  for (int p = 0; p < kPoints<Tile>; ++p) {
    prefetch_input<Tile>(call.tiles, call.x, ahead.part(p), ahead.part(p + 1));
    for (std::int64_t k = 0; k < x_blocks; k += kSummed)
      for (std::int64_t panel = first / kPanel; panel * kPanel < last; ++panel) {
        const std::int64_t width = packed.panel_width(panel);
        multiply_panel(
            {points + p * strides.point + k * strides.block, kLanes, offsets}, tiles, std::min(kSummed, x_blocks - k),
            call.packed + p * packed.point() + packed.panel(panel) + (call.first_input + k * kLanes) * width * kLanes,
            static_cast<int>(width), products + p * out.point + (panel * kPanel - first) * kLanes,
            (last - first) * kLanes, call.first_input + k > 0);
      }
  }
}

template <int Tile>
constexpr std::ptrdiff_t kHalfRow = kWindow<Tile>* kRun<Tile>* kLanes;

/// A column of points of `tiles` tiles to Tile numbers of each.
template <int Tile>
HWY_INLINE void transform_points(const float* HWY_RESTRICT points, std::ptrdiff_t tile, std::ptrdiff_t row,
                                 std::int64_t tiles, float* HWY_RESTRICT half) {
  const Tag tag;
  for (std::int64_t t = 0; t < tiles; ++t) {
    Vector in[kWindow<Tile>], out[Tile];
#pragma GCC unroll 8
    for (int y = 0; y < kWindow<Tile>; ++y) in[y] = hn::Load(tag, points + y * row + t * tile);
    output_values<Tile>(in, out);
#pragma GCC unroll 8
    for (int y = 0; y < Tile; ++y) hn::Store(out[y], tag, half + y * kHalfRow<Tile> + t * kLanes);
  }
}

/// A row of pixels of the tiles first..last-1 of a run: calls store(pixel, value) for each.
template <int Tile, class Store>
HWY_INLINE void transform_pixels(const float* half, std::int64_t first, std::int64_t last, Store store) {
  const Tag tag;
  for (std::int64_t t = first; t < last; ++t) {
    Vector in[kWindow<Tile>], out[Tile];
#pragma GCC unroll 8
    for (int x = 0; x < kWindow<Tile>; ++x) in[x] = hn::Load(tag, half + (x * kRun<Tile> + t) * kLanes);
    output_values<Tile>(in, out);
#pragma GCC unroll 8
    for (int x = 0; x < Tile; ++x) store(t * Tile + x, out[x]);
  }
}

/// Rows of pixels of a run from its points, halfway transformed: [row][column of a tile][tile].
template <int Tile, bool stream, class Finish>
HWY_INLINE void transform_rows(const float* half, const Run& run, const Grid& grid, Finish& finish, const float* other,
                               float* picture, float* pooled) {
  const Tag tag;
  constexpr std::ptrdiff_t kKept = Tile * kRun<Tile> * kLanes;
  HWY_ALIGN float kept[Finish::kPools ? 2 * kKept : 1];  // a row and the one above it
  const std::ptrdiff_t step = grid.dilation_w * kLanes;
  const Inside rows(run.top, grid.dilation_h, Tile, grid.height);
  const Inside columns(run.left, grid.dilation_w, Tile * run.tiles, grid.width);
  const std::int64_t end = columns.end, whole = end / Tile;
  for (std::int64_t y = 0; y < rows.end; ++y, half += kHalfRow<Tile>) {
    const std::ptrdiff_t line = ((run.top + y * grid.dilation_h) * grid.width + run.left) * kLanes;
    const float* added = other + line;
    float* pixels = picture + line;
    auto row = finish.row();
    float* keep = kept + (Finish::kPools ? y % 2 * kKept : 0);
    const auto write = [=, &row](std::int64_t x, Vector value) HWY_ATTR {
      value = row(value, added + x * step);
      if constexpr (Finish::kPools) hn::Store(value, tag, keep + x * kLanes);
      if constexpr (!Finish::kWrites) return;
      stream ? hn::Stream(value, tag, pixels + x * step) : hn::Store(value, tag, pixels + x * step);
    };
    transform_pixels<Tile>(half, 0, whole, write);
    transform_pixels<Tile>(half, whole, run.tiles, [=](std::int64_t x, Vector value) HWY_ATTR {
      if (x < end) write(x, value);
    });
    if (Finish::kPools && y % 2 == 1)
      epilogue::HWY_NAMESPACE::pool_rows(
          kept, keep, end, [tag](const float* at) HWY_ATTR { return hn::Load(tag, at); },
          pooled + ((run.top + y) / 2 * (grid.width / 2) + run.left / 2) * kLanes);
    finish.end_row(row, end);
  }
}

/// One output channel block of the tiles first..last-1.
template <int Tile, class Finish, bool add, bool stream>
inline void transform_output(const ForwardCall& call, std::int64_t block, std::int64_t first, std::int64_t last,
                             const float* products, std::ptrdiff_t tile, std::ptrdiff_t point) {
  const Plane& plane = call.output.y[static_cast<std::size_t>(block)];
  const float* added =
      (add ? call.output.other : call.output.y)[static_cast<std::size_t>(block)].data;  // not read without `add`
  const Plane pooled_plane = Finish::kPools ? call.output.pooled[static_cast<std::size_t>(block)] : Plane{nullptr, 0};
  Finish finish(call.output, block);
  const Grid grid = output_grid(call.tiles);
  HWY_ALIGN float half[Tile * kHalfRow<Tile>];
  for_each_run<Tile>(call.tiles, first, last, [&](const Run& run, std::int64_t offset) HWY_ATTR {
    for (int x = 0; x < kWindow<Tile>; ++x)
      transform_points<Tile>(products + x * point + offset * tile, tile, kWindow<Tile> * point, run.tiles,
                             half + x * kRun<Tile> * kLanes);
    if (offset == 0)
      transform_pixels<Tile>(half, 0, 1, [&](std::int64_t x, Vector value) HWY_ATTR {
        if (x == 0) finish.start(value);
      });
    const float* other = added + run.image * plane.image;
    float* picture = plane.data + run.image * plane.image;
    float* pooled = Finish::kPools ? pooled_plane.data + run.image * pooled_plane.image : nullptr;
    if (stream && grid.dilation_w == 1)
      transform_rows<Tile, true>(half, run, grid, finish, other, picture, pooled);
    else
      transform_rows<Tile, false>(half, run, grid, finish, other, picture, pooled);
  });
  finish.finish();
}

template <int Tile>
auto output_function(const Output& output) {
  decltype(&transform_output<Tile, epilogue::HWY_NAMESPACE::Measure, false, false>) function = nullptr;
  epilogue::HWY_NAMESPACE::with_finish(
      output, [&]<class Finish, bool add, bool stream>() { function = transform_output<Tile, Finish, add, stream>; });
  return function;
}

/// Points of the tiles first..last-1 of the input channel blocks begin..end-1.
template <int Tile>
inline void input_points_of(const ForwardCall& call, std::int64_t first, std::int64_t last, std::int64_t begin,
                            std::int64_t end, float* points) {
  const PointStrides strides(std::ssize(call.x), call.tiles_at_once);
  for (std::int64_t block = begin; block < end; ++block)
    transform_input<Tile>(call.tiles, call.x[static_cast<std::size_t>(block)], first, last,
                          points + block * strides.block, strides.point);
}

/// The tiles first..last-1 of the output channel groups begin..end-1.
template <int Tile>
inline void output_groups(const ForwardCall& call, std::int64_t first, std::int64_t last, std::int64_t begin,
                          std::int64_t end, const float* points, float* products, std::int64_t ahead) {
  const auto output = output_function<Tile>(call.output);
  for (std::int64_t group = begin; group < end; ++group) {
    const std::int64_t m_begin = group * call.group_blocks;
    const std::int64_t m_end = std::min<std::int64_t>(std::ssize(call.output.y), m_begin + call.group_blocks);
    multiply_group<Tile>(call, last - first, m_begin, m_end, points, products, {last, group == begin ? ahead : last});
    const PointStrides strides(m_end - m_begin, call.tiles_at_once);
    for (std::int64_t m = m_begin; call.last_part && m < m_end; ++m)
      output(call, m, first, last, products + (m - m_begin) * kLanes, (m_end - m_begin) * kLanes, strides.point);
    products += call.group_products;
  }
  if (call.output.stream) hwy::FlushStream();
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
