// The channel of the largest logit, pixel by pixel.

// clang-format off
#if defined(INLAY_LABELS_MOST_LIKELY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_LABELS_MOST_LIKELY_INL_H_
#undef INLAY_LABELS_MOST_LIKELY_INL_H_
#else
#define INLAY_LABELS_MOST_LIKELY_INL_H_
#endif
// clang-format on

#include <limits>

#include "runtime/cpu/labels/labels.h"
#include "runtime/cpu/simd/products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::labels::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;

/// Lane by lane the largest logit so far and its channel; then the largest lane's, the lowest channel of equal ones.
/// As in a loop that asks whether the next one is larger, a NaN is never chosen, but stays when it is the first.
class Largest {
 public:
  explicit Largest(std::int64_t classes)
      : blocks_((classes + kLanes - 1) / kLanes),
        first_(hn::Lt(lanes_, hn::Set(tag_, 1.0f))),
        there_(hn::Lt(lanes_, hn::Set(tag_, static_cast<float>(classes - (blocks_ - 1) * kLanes)))) {}

  HWY_INLINE std::uint8_t operator()(const float* pixel, std::ptrdiff_t step) const {
    const Vector lowest = hn::Set(tag_, -std::numeric_limits<float>::infinity());
    Vector best = lowest, channel = lanes_, channels = lanes_;
    for (std::int64_t block = 0; block < blocks_; ++block, pixel += step) {
      Vector logits = hn::LoadU(tag_, pixel);
      if (block == 0) logits = hn::IfThenElse(hn::And(first_, hn::IsNaN(logits)), hn::Neg(lowest), logits);
      if (block + 1 == blocks_) logits = hn::IfThenElse(there_, logits, lowest);
      const auto larger = hn::Gt(logits, best);
      best = hn::IfThenElse(larger, logits, best);
      channel = hn::IfThenElse(larger, channels, channel);
      channels = hn::Add(channels, hn::Set(tag_, static_cast<float>(kLanes)));
    }
    const Vector none = hn::Set(tag_, std::numeric_limits<float>::infinity());
    const auto chosen = hn::Eq(best, hn::MaxOfLanes(tag_, best));
    return static_cast<std::uint8_t>(hn::GetLane(hn::MinOfLanes(tag_, hn::IfThenElse(chosen, channel, none))));
  }

 private:
  static constexpr Tag tag_{};
  const Vector lanes_ = hn::Iota(tag_, 0);
  std::int64_t blocks_;
  hn::Mask<Tag> first_, there_;  // lane 0; the lanes of the last block that are channels
};

inline void most_likely(const Logits& logits, std::int64_t count, std::uint8_t* labels) {
  const float* pixel = logits.first;
  if (logits.classes == 1) {
    for (std::int64_t i = 0; i < count; ++i, pixel += kLanes) labels[i] = *pixel > 0 ? 1 : 0;
    return;
  }
  const Largest largest(logits.classes);
  for (std::int64_t i = 0; i < count; ++i, pixel += kLanes) labels[i] = largest(pixel, logits.block_step);
}

}  // namespace inlay::labels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
