// Gradient with respect to the weights: patches of x times pixels of dy, summed over pixels.

// clang-format off
#if defined(INLAY_PATCHES_GRADIENT_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_PATCHES_GRADIENT_INL_H_
#undef INLAY_PATCHES_GRADIENT_INL_H_
#else
#define INLAY_PATCHES_GRADIENT_INL_H_
#endif
// clang-format on

#include "runtime/cpu/patches/pixels-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::patches::HWY_NAMESPACE {

/// Blocks of dy that the second-level cache holds beside the sums.
constexpr std::int64_t kGroup = 256 / kLanes;

/// c += a^T b for a block of a, with as many accumulators as there are registers for.
inline void add_products(const float* a, std::ptrdiff_t a_step, const float* b, std::ptrdiff_t step,
                         std::int64_t blocks, std::int64_t pixels, float* c, std::ptrdiff_t columns, bool add) {
  if constexpr (!kManyRegisters) {
    for (; blocks == 3 || blocks > 4; blocks -= 3, b += 3 * step, c += 3 * kLanes)
      for (int lane = 0; lane < kLanes; lane += 4)
        outer_product<4, 3>(a + lane, a_step, b, step, pixels, c + lane * columns, columns, add);
  }
  outer_products(a, a_step, b, step, blocks, pixels, c, columns, add);
}

/// Few channels: copies cost more than they save.
inline bool in_place(const GradientCall& call) {
  constexpr std::int64_t kFew = (1 << 15) / kLanes / kLanes;
  return std::ssize(call.units) * std::ssize(call.y_blocks) <= kFew;
}

/// Some pixels in line, of a unit and of blocks of dy as the products take them.
class GradientPixels {
 public:
  GradientPixels(const GradientCall& call, std::int64_t pixel, std::int64_t count, float* copies)
      : call_(call),
        x_(call.sizes, true, pixel, count),
        dy_(call.sizes, false, pixel, count),
        in_place_(in_place(call)),
        copies_(copies) {
    if (!in_place_) copy_pixels<kPixels>(call.y, dy_, 0, call.y_blocks, copies_ + kCopy);
  }

  /// One unit is copied at a time.
  const float* unit(std::int64_t i) const {
    const auto unit = call_.units.subspan(static_cast<std::size_t>(i), 1);
    if (in_place_) return call_.x + *x_.from(0) + unit[0];
    copy_pixels<kPixels>(call_.x, x_, 0, unit, copies_);
    return copies_;
  }
  std::ptrdiff_t unit_step() const { return in_place_ ? x_.step() : kLanes; }
  const float* dy(std::int64_t block) const {
    return in_place_ ? call_.y + *dy_.from(0) + call_.y_blocks[static_cast<std::size_t>(block)]
                     : copies_ + (1 + block) * kCopy;
  }
  std::ptrdiff_t dy_block() const { return in_place_ ? call_.sizes.y_plane(kLanes) : kCopy; }

 private:
  static constexpr std::ptrdiff_t kCopy = kPixels * kLanes;
  const GradientCall& call_;
  Places x_, dy_;
  bool in_place_;
  float* copies_;
};

inline void gradient(const GradientCall& call, std::int64_t begin, std::int64_t end, std::int64_t first,
                     std::int64_t last, float* scratch) {
  const Sizes& s = call.sizes;
  const std::int64_t blocks = std::ssize(call.y_blocks), line = s.k == 1 ? s.oh * s.ow : s.ow;
  const std::ptrdiff_t columns = blocks * kLanes;
  for (std::int64_t pixel = begin, count; pixel < end; pixel += count) {
    count = std::min(kPixels, end - pixel);
    if (in_place(call)) count = std::min(count, line - pixel % line);
    const GradientPixels pixels(call, pixel, count, scratch);
    for (std::int64_t group = 0; group < blocks; group += kGroup)
      for (std::int64_t unit = first; unit < last; ++unit)
        add_products(pixels.unit(unit), pixels.unit_step(), pixels.dy(group), pixels.dy_block(),
                     std::min(kGroup, blocks - group), count, call.sums + (unit * columns + group) * kLanes, columns,
                     pixel > begin);
  }
}

}  // namespace inlay::patches::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
