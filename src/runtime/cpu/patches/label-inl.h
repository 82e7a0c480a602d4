// The most likely channel of what a product gives, which goes no further than the nearest caches.

// clang-format off
#if defined(INLAY_PATCHES_LABEL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_PATCHES_LABEL_INL_H_
#undef INLAY_PATCHES_LABEL_INL_H_
#else
#define INLAY_PATCHES_LABEL_INL_H_
#endif
// clang-format on

#include "runtime/cpu/labels/most_likely-inl.h"
#include "runtime/cpu/patches/multiply-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::patches::HWY_NAMESPACE {

/// Labels of some pixels' products at call.to, where the units of the result are kPixels apart: [row of the
/// patch][block][column].
inline void label_part(const Call& call, const Labels& labels, const Part& part) {
  const Sizes& s = call.sizes;
  const std::int64_t k = call.to_y ? 1 : s.k, blocks = call.to_y ? s.y_blocks : s.x_blocks;
  constexpr std::ptrdiff_t kUnit = kPixels * kLanes;
  const Places corners(s, k, 1, s.oh * s.ow * k * k, part.pixel, part.pixels);
  std::uint8_t found[kPixels];
  for (std::int64_t row = 0; row < k; ++row)
    for (std::int64_t column = 0; column < k; ++column) {
      labels::HWY_NAMESPACE::most_likely({call.to + (row * blocks * k + column) * kUnit, k * kUnit, labels.classes},
                                         part.pixels, found);
      std::uint8_t* to = labels.to + row * s.ow * k + column;
      for (std::int64_t i = 0; i < part.pixels; ++i) to[*corners.from(i)] = found[i];
    }
}

inline void label(const Call& call, const Labels& labels, std::int64_t begin, std::int64_t end, float* scratch) {
  const Parts parts(begin, end, std::ssize(call.inputs));
  std::ptrdiff_t side_by_side[kPixels];
  for (std::int64_t i = 0; i < kPixels; ++i) side_by_side[i] = i * kLanes;
  Call logits = call;
  logits.to = scratch;
  scratch += std::ssize(call.outputs) * kPixels * kLanes;
  for (std::int64_t i = 0; i < parts.count(); ++i) {
    const Part part = parts[i];
    multiply_part(logits, part, side_by_side, scratch, sums_of(call, scratch));
    if (part.block + part.blocks == std::ssize(call.inputs)) label_part(logits, labels, part);
  }
}

}  // namespace inlay::patches::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
