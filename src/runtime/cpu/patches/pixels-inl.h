// Some pixels of a picture, or patches of it, side by side.

// clang-format off
#if defined(INLAY_PATCHES_PIXELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_PATCHES_PIXELS_INL_H_
#undef INLAY_PATCHES_PIXELS_INL_H_
#else
#define INLAY_PATCHES_PIXELS_INL_H_
#endif
// clang-format on

#include "runtime/cpu/patches/patches.h"
#include "runtime/cpu/simd/products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::patches::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;

/// Where the pixels `first`.. of y lie, or the corners of their patches in x: floats from the first one.
class Places {
 public:
  Places(const Sizes& s, bool patches, std::int64_t first, std::int64_t count)
      : Places(s, patches ? s.k : 1, kLanes, patches ? s.x_blocks * s.x_plane(kLanes) : s.y_blocks * s.y_plane(kLanes),
               first, count) {}

  /// Of patches of k x k pixels of `unit` elements each, in images that are `image` apart.
  Places(const Sizes& s, std::int64_t k, int unit, std::ptrdiff_t image, std::int64_t first, std::int64_t count)
      : count_(count), step_(k * unit) {
    std::int64_t column = first % s.ow, row = first / s.ow;
    for (std::int64_t i = 0; i < count; column = 0, ++row) {
      const std::ptrdiff_t start = row / s.oh * image + row % s.oh * s.ow * step_ * k;
      for (; column < s.ow && i < count; ++column, ++i) at_[i] = start + column * step_;
    }
  }

  std::int64_t count() const { return count_; }
  const std::ptrdiff_t* from(std::int64_t i) const { return at_ + i; }

  /// Floats from a pixel to its neighbour, and whether `count` pixels are that far apart.
  std::ptrdiff_t step() const { return step_; }
  bool in_line(std::int64_t first, std::int64_t count) const {
    return first + count <= count_ && at_[first + count - 1] - at_[first] == (count - 1) * step_;
  }

 private:
  std::int64_t count_;
  std::ptrdiff_t step_;
  std::ptrdiff_t at_[kPixels];
};

/// Copies the pixels first..first+kStep-1 to [block][pixel][lane]; those after the last place are zeros.
template <int kStep>
inline void copy_pixels(const float* from, const Places& places, std::int64_t first,
                        std::span<const std::ptrdiff_t> blocks, float* HWY_RESTRICT to) {
  const Tag tag;
  const std::int64_t count = std::min<std::int64_t>(kStep, places.count() - first);
  const std::ptrdiff_t* at = places.from(first);
  for (const std::ptrdiff_t block : blocks) {
    const float* plane = from + block;
    if (count == kStep) {
#pragma GCC unroll 24
      for (int i = 0; i < kStep; ++i) hn::Store(hn::Load(tag, plane + at[i]), tag, to + i * kLanes);
    } else {
      for (std::int64_t i = 0; i < kStep; ++i)
        hn::Store(i < count ? hn::Load(tag, plane + at[i]) : hn::Zero(tag), tag, to + i * kLanes);
    }
    to += kStep * kLanes;
  }
}

}  // namespace inlay::patches::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
