#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/epilogue/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include "runtime/cpu/epilogue/epilogue-inl.h"
#include "runtime/cpu/simd/targets.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::epilogue::HWY_NAMESPACE {

template <class Finish, bool add, bool stream>
void write_finished(const Output& output, std::int64_t block, std::span<const OutputRow> rows, std::int64_t pixels,
                    std::ptrdiff_t step, const float* results) {
  const Tag tag;
  float* y = output.y[static_cast<std::size_t>(block)].data;
  const float* other = (add ? output.other : output.y)[static_cast<std::size_t>(block)].data;  // not read without `add`
  Finish finish(output, block);
  finish.start(hn::Load(tag, results + rows[0].result));
  if constexpr (Finish::kPools) {
    float* pooled = output.pooled[static_cast<std::size_t>(block)].data;
    for (std::size_t r = 0; r < rows.size(); r += 2)
      pool_rows(
          results + rows[r].result, results + rows[r + 1].result, pixels,
          [row = finish.row(), tag](const float* at) HWY_ATTR { return row(hn::Load(tag, at), nullptr); },
          pooled + rows[r].pooled);
  }
  for (const OutputRow& at : rows) {
    if constexpr (!Finish::kWrites) break;
    auto row = finish.row();
    for (std::int64_t i = 0; i < pixels; ++i) {
      const std::ptrdiff_t place = at.picture + i * step;
      const Vector value = row(hn::Load(tag, results + at.result + i * kLanes), other + place);
      stream ? hn::Stream(value, tag, y + place) : hn::Store(value, tag, y + place);
    }
    finish.end_row(row, pixels);
  }
  finish.finish();
}

void write_rows(const Output& output, std::int64_t block, std::span<const OutputRow> rows, std::int64_t pixels,
                std::ptrdiff_t step, const float* results) {
  with_finish(output, [&]<class Finish, bool add, bool stream>() {
    write_finished<Finish, add, stream>(output, block, rows, pixels, step, results);
  });
}

}  // namespace inlay::epilogue::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay {

WriteRows write_rows(int block) {
#if HWY_TARGETS & HWY_AVX3
  if (block == 16 && simd::has(HWY_AVX3)) return epilogue::N_AVX3::write_rows;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (block == 8 && simd::has(HWY_AVX2)) return epilogue::N_AVX2::write_rows;
#endif
  return nullptr;
}

}  // namespace inlay

#endif
