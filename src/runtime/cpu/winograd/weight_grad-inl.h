// Gradient with respect to the weights: transformed inputs times transformed output gradients, summed over tiles.

// clang-format off
#if defined(INLAY_WINOGRAD_WEIGHT_GRAD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_WEIGHT_GRAD_INL_H_
#undef INLAY_WINOGRAD_WEIGHT_GRAD_INL_H_
#else
#define INLAY_WINOGRAD_WEIGHT_GRAD_INL_H_
#endif
// clang-format on

#include "runtime/cpu/winograd/tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

struct SumsLayout {
  std::ptrdiff_t inputs, outputs;  // channels, padded
  std::ptrdiff_t point() const {
    return pair_stride(static_cast<std::size_t>(inputs), static_cast<std::size_t>(outputs));
  }
};

inline SumsLayout sums_layout(const WeightGradCall& call) {
  return {std::ssize(call.x) * kLanes, std::ssize(call.dy) * kLanes};
}

/// The tiles first..last-1 of the channel blocks begin..end-1, those of x first, then those of dy.
template <int Tile>
inline void gradient_tiles(const WeightGradCall& call, std::int64_t first, std::int64_t last, std::int64_t begin,
                           std::int64_t end) {
  const std::int64_t x_blocks = std::ssize(call.x), size = call.tiles_at_once * kLanes;
  for (std::int64_t block = begin; block < end; ++block) {
    const std::int64_t dy_block = block - x_blocks;
    if (block < x_blocks)
      transform_input<Tile>(call.tiles, call.x[static_cast<std::size_t>(block)], first, last,
                            call.x_points + block * size, call.x_stride);
    else
      transform_gradient<Tile>(call.tiles, call.dy[static_cast<std::size_t>(dy_block)], first, last,
                               call.dy_points + dy_block * size, call.dy_stride);
  }
}

/// Products of the tiles first..last-1. A unit is one block of inputs at one point; units begin..end-1. A panel of dy
/// stays in the first-level cache while the blocks of x pass by.
template <int Tile>
inline void gradient_products(const WeightGradCall& call, std::int64_t first, std::int64_t last, std::int64_t begin,
                              std::int64_t end, bool add, std::int64_t fetch) {
  const std::int64_t x_blocks = std::ssize(call.x), dy_blocks = std::ssize(call.dy), size = call.tiles_at_once * kLanes;
  const SumsLayout layout = sums_layout(call);
  const Ahead<Tile> ahead{last, fetch};
  for (std::int64_t unit = begin, next; unit < end; unit = next) {
    const std::int64_t point = unit / x_blocks, from = unit % x_blocks, to = std::min(x_blocks, from + end - unit);
    next = unit + to - from;
    if (from == 0) {
      prefetch_input<Tile>(call.tiles, call.x, ahead.part(point), ahead.part(point + 1));
      prefetch_gradient<Tile>(call.tiles, call.dy, ahead.part(point), ahead.part(point + 1));
    }
    const float *x = call.x_points + point * call.x_stride, *dy = call.dy_points + point * call.dy_stride;
    float* sums = call.sums + point * layout.point();
    for (std::int64_t panel = 0; panel < dy_blocks; panel += kPanel)
      for (std::int64_t block = from; block < to; ++block)
        outer_products(x + block * size, kLanes, dy + panel * size, size,
                       std::min<std::int64_t>(kPanel, dy_blocks - panel), last - first,
                       sums + block * kLanes * layout.outputs + panel * kLanes, layout.outputs, add);
  }
}

/// Weights of one input channel and the block of output channels from `first` on.
template <int Tile>
inline void write_weights(const WeightGradCall& call, std::int64_t parts, std::ptrdiff_t part, std::int64_t row,
                          std::int64_t first) {
  const Tag tag;
  const SumsLayout layout = sums_layout(call);
  const Input& input = call.inputs[static_cast<std::size_t>(row)];
  if (input.channel < 0) return;
  HWY_ALIGN float values[9 * kLanes];
  const float* sums = call.sums + row * layout.outputs + first;
  transform<kWindow<Tile>, 3>([](const Vector* s, Vector* g) HWY_ATTR { weight_values<Tile>(s, g); },
                              [=](int y, int x) HWY_ATTR {
                                const float* from = sums + (y * kWindow<Tile> + x) * layout.point();
                                Vector sum = hn::Load(tag, from);
                                for (std::int64_t i = 1; i < parts; ++i)
                                  sum = hn::Add(sum, hn::Load(tag, from + i * part));
                                return sum;
                              },
                              [&](int y, int x, Vector value)
                                  HWY_ATTR { hn::Store(value, tag, values + (y * 3 + x) * kLanes); });
  for (int l = 0; l < kLanes; ++l) {
    const std::int64_t output = call.outputs[static_cast<std::size_t>(first + l)];
    if (output < 0) continue;
    float* to = call.weights + output * call.layout.output + input.channel * call.layout.input;
    for (int i = 0; i < 9; ++i)
      if (const std::ptrdiff_t tap = call.layout.tap(input.y + i / 3, input.x + i % 3); tap >= 0)
        to[tap] = values[i * kLanes + l];
  }
}

/// The weights of the input channels begin..end-1 from `parts` sums that lie `part` floats apart.
template <int Tile>
inline void gradient_weights(const WeightGradCall& call, std::int64_t parts, std::ptrdiff_t part, std::int64_t begin,
                             std::int64_t end) {
  constexpr std::int64_t kSideBySide = 16;  // their weights lie side by side, so do the sums of output channels
  for (std::int64_t group = begin; group < end; group += kSideBySide)
    for (std::int64_t first = 0; first < sums_layout(call).outputs; first += kLanes)
      for (std::int64_t row = group; row < std::min(end, group + kSideBySide); ++row)
        write_weights<Tile>(call, parts, part, row, first);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
