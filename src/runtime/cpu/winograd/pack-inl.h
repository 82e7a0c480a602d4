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
inline void load_weights(const PackCall& call, std::int64_t input, const std::int64_t* outputs, float* lanes) {
  std::fill_n(lanes, 9 * kLanes, 0.0f);
  for (int l = 0; l < kLanes && input >= 0; ++l) {
    if (outputs[l] < 0) continue;
    const float* from = call.weights + outputs[l] * call.layout.output + input * call.layout.input;
    for (int i = 0; i < 9; ++i) lanes[(call.layout.turned ? 8 - i : i) * kLanes + l] = from[i];
  }
}

inline void pack(const PackCall& call, std::int64_t first_row, std::int64_t last_row) {
  const auto rows = static_cast<std::int64_t>(call.inputs.size());
  const PackedWeights packed{rows, static_cast<std::int64_t>(call.outputs.size()) / kLanes};
  for (std::int64_t row = first_row; row < last_row; ++row)
    for (std::int64_t block = 0; block < packed.blocks; ++block) {
      HWY_ALIGN float weights[9 * kLanes];
      load_weights(call, call.inputs[static_cast<std::size_t>(row)], call.outputs.data() + block * kLanes, weights);
      const std::int64_t panel = block / kPanel;
      float* to =
          call.packed + packed.panel(panel) + row * packed.panel_width(panel) * kLanes + block % kPanel * kLanes;
      transform_pixels<3>([](const Vector* g, Vector* p) HWY_ATTR { weight_points(g, p); }, weights, 3 * kLanes, to,
                          packed.point());
    }
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
