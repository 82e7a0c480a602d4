#include "data/augment/simd/rows.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "data/augment/simd/rows.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include <hwy/highway.h>

#include "data/augment/simd/light-inl.h"
#include "data/augment/simd/resample-inl.h"

#if HWY_ONCE

namespace inlay::simd {

HWY_EXPORT(resample_row);
HWY_EXPORT(copy_row);
HWY_EXPORT(scale_plane);
HWY_EXPORT(light_plane);
HWY_EXPORT(measure_plane);

void resample_row(const Source& source, const RowPositions& positions, const RowTarget& target) {
  HWY_DYNAMIC_DISPATCH(resample_row)(source, positions, target);
}

void copy_row(const Source& source, std::int64_t row, std::int64_t column, std::int64_t count,
              const RowTarget& target) {
  HWY_DYNAMIC_DISPATCH(copy_row)(source, row, column, count, target);
}

void scale_plane(std::span<float> values, float scale, float offset) {
  HWY_DYNAMIC_DISPATCH(scale_plane)(values, scale, offset);
}

void light_plane(std::span<float> values, const Light& light, std::uint64_t key) {
  HWY_DYNAMIC_DISPATCH(light_plane)(values, light, key);
}

Extent measure_plane(std::span<const float> values) { return HWY_DYNAMIC_DISPATCH(measure_plane)(values); }

}  // namespace inlay::simd

#endif
