// Weights between their plain layout and transformed points.

// clang-format off
#if defined(INLAY_WINOGRAD_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_PACK_INL_H_
#undef INLAY_WINOGRAD_PACK_INL_H_
#else
#define INLAY_WINOGRAD_PACK_INL_H_
#endif
// clang-format on

#include "runtime/cpu/winograd/forward-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

/// The nine weights of one input channel and a block of output channels, nine vectors.
inline void load_weights(const PackCall& call, const Input& input, const std::int64_t* outputs, float* lanes) {
  std::fill_n(lanes, 9 * kLanes, 0.0f);
  if (input.channel < 0) return;
  std::ptrdiff_t taps[9];
  for (int i = 0; i < 9; ++i) taps[i] = call.layout.tap(input.y + i / 3, input.x + i % 3);
  for (int l = 0; l < kLanes; ++l) {
    if (outputs[l] < 0) continue;
    const float* from = call.weights + outputs[l] * call.layout.output + input.channel * call.layout.input;
    for (int i = 0; i < 9; ++i)
      if (taps[i] >= 0) lanes[i * kLanes + l] = from[taps[i]];
  }
}

/// Points of the vectors of one row of a panel: written point by point, so that whole lines leave at once.
template <int Tile, int N, bool stream>
HWY_INLINE void write_points(const float* HWY_RESTRICT points, float* HWY_RESTRICT to, std::ptrdiff_t point) {
  const Tag tag;
  for (int p = 0; p < kPoints<Tile>; ++p)
#pragma GCC unroll 4
    for (int v = 0; v < N; ++v) {
      const Vector value = hn::Load(tag, points + (v * kPoints<Tile> + p) * kLanes);
      float* place = to + p * point + v * kLanes;
      stream ? hn::Stream(value, tag, place) : hn::Store(value, tag, place);
    }
}

template <int Tile, bool stream>
inline void pack_rows(const PackCall& call, std::int64_t begin, std::int64_t end) {
  const Tag tag;
  const PackedWeights packed{std::ssize(call.inputs), std::ssize(call.outputs) / kLanes};
  HWY_ALIGN float weights[9 * kLanes], points[kPanel * kPoints<Tile> * kLanes];
  for (std::int64_t panel = 0; panel * kPanel < packed.blocks; ++panel) {
    const std::int64_t width = packed.panel_width(panel);
    for (std::int64_t row = begin; row < end; ++row) {
      for (std::int64_t i = 0; i < width; ++i) {
        load_weights(call, call.inputs[static_cast<std::size_t>(row)],
                     call.outputs.data() + (panel * kPanel + i) * kLanes, weights);
        float* to = points + i * kPoints<Tile> * kLanes;
        transform<3, kWindow<Tile>>(
            [](const Vector* g, Vector* p) HWY_ATTR { weight_points<Tile>(g, p); },
            [&](int y, int x) HWY_ATTR { return hn::Load(tag, weights + (y * 3 + x) * kLanes); },
            [=](int y, int x, Vector value) HWY_ATTR { hn::Store(value, tag, to + (y * kWindow<Tile> + x) * kLanes); });
      }
      float* to = call.packed + packed.panel(panel) + row * width * kLanes;
      with_vectors(static_cast<int>(width),
                   [&, to]<int N>() HWY_ATTR { write_points<Tile, N, stream>(points, to, packed.point()); });
    }
  }
  if constexpr (stream) hwy::FlushStream();
}

template <int Tile>
inline void pack(const PackCall& call, std::int64_t begin, std::int64_t end) {
  call.stream ? pack_rows<Tile, true>(call, begin, end) : pack_rows<Tile, false>(call, begin, end);
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
