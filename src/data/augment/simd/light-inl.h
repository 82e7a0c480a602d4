// Light and noise over whole planes. Included once for every instruction set.
#if defined(INLAY_DATA_LIGHT_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_DATA_LIGHT_INL
#undef INLAY_DATA_LIGHT_INL
#else
#define INLAY_DATA_LIGHT_INL
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include "data/augment/simd/rows.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Floats = hn::ScalableTag<float>;
using Words = hn::RebindToUnsigned<Floats>;

/// Calls change(vector, index of its first value) over all values and stores what it returns. The last values go
/// through a vector of their own, padded.
template <class Change>
HWY_INLINE void change_all(std::span<float> values, Change&& change) {
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) hn::StoreU(change(hn::LoadU(d, &values[i]), i), d, &values[i]);
  if (i == values.size()) return;
  HWY_ALIGN float rest[HWY_MAX_BYTES / sizeof(float)] = {};
  for (std::size_t k = i; k < values.size(); ++k) rest[k - i] = values[k];
  hn::Store(change(hn::Load(d, rest), i), d, rest);
  for (std::size_t k = i; k < values.size(); ++k) values[k] = rest[k - i];
}

/// Scatters 32 bits (Chris Wellons' lowbias32).
template <class V>
HWY_INLINE V scatter(V x) {
  const hn::DFromV<V> d;
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<16>(x)), hn::Set(d, 0x7feb352du));
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<15>(x)), hn::Set(d, 0x846ca68bu));
  return hn::Xor(x, hn::ShiftRight<16>(x));
}

/// Nearly normal with standard deviation 1: the sum of four uniforms of 16 bits has variance 4/12.
HWY_INLINE hn::Vec<Floats> draw_noise(std::size_t index, std::uint64_t key) {
  const Words d;
  const auto count = hn::Iota(d, static_cast<std::uint32_t>(index));
  const auto a = scatter(hn::Add(count, hn::Set(d, static_cast<std::uint32_t>(key))));
  const auto b = scatter(hn::Xor(a, hn::Set(d, static_cast<std::uint32_t>(key >> 32))));
  const auto low = hn::Set(d, 0xffffu);
  const auto sum =
      hn::Add(hn::Add(hn::And(a, low), hn::ShiftRight<16>(a)), hn::Add(hn::And(b, low), hn::ShiftRight<16>(b)));
  const Floats f;
  const auto uniform = hn::Mul(hn::ConvertTo(f, hn::BitCast(hn::RebindToSigned<Words>(), sum)), hn::Set(f, 0x1.0p-16f));
  return hn::Mul(hn::Sub(uniform, hn::Set(f, 2.0f)), hn::Set(f, 1.7320508f));
}

HWY_INLINE hn::Vec<Floats> clamp01(hn::Vec<Floats> v) {
  const Floats d;
  return hn::Min(hn::Max(v, hn::Zero(d)), hn::Set(d, 1.0f));
}

HWY_INLINE hn::Vec<Floats> power(hn::Vec<Floats> v, float exponent) {
  const Floats d;
  const auto safe = hn::Max(v, hn::Set(d, 1e-30f));
  const auto result = hn::Exp(d, hn::Mul(hn::Log(d, safe), hn::Set(d, exponent)));
  return hn::IfThenElseZero(hn::Gt(v, hn::Zero(d)), hn::Min(result, hn::Set(d, 1.0f)));
}

inline void light_plane(std::span<float> values, const Light& light, std::uint64_t key) {
  const Floats d;
  const auto scale = hn::Set(d, light.scale), offset = hn::Set(d, light.offset), noise = hn::Set(d, light.noise);
  const auto low = hn::Set(d, light.low), range = hn::Set(d, light.range);
  change_all(values, [&](hn::Vec<Floats> v, std::size_t index) HWY_ATTR {
    v = clamp01(hn::MulAdd(v, scale, offset));
    if (light.exponent != 1.0f) v = power(v, light.exponent);
    if (light.noise > 0.0f) v = clamp01(hn::MulAdd(draw_noise(index, key), noise, v));
    return hn::MulAdd(v, range, low);
  });
}

inline void scale_plane(std::span<float> values, float factor, float add) {
  const Floats d;
  const auto scale = hn::Set(d, factor), offset = hn::Set(d, add);
  change_all(values, [&](hn::Vec<Floats> v, std::size_t) HWY_ATTR { return hn::MulAdd(v, scale, offset); });
}

inline Extent measure_plane(std::span<const float> values) {
  constexpr std::size_t kChunk = 4096;  // few enough for a sum of floats to be exact to a millionth
  const Floats d;
  const std::size_t lanes = hn::Lanes(d);
  Extent out{values[0], values[0], 0.0};
  for (std::size_t begin = 0; begin < values.size(); begin += kChunk) {
    const std::size_t end = std::min(begin + kChunk, values.size());
    auto sum = hn::Zero(d), least = hn::Set(d, values[begin]), most = least;
    std::size_t i = begin;
    for (; i + lanes <= end; i += lanes) {
      const auto v = hn::LoadU(d, &values[i]);
      sum = hn::Add(sum, v);
      least = hn::Min(least, v);
      most = hn::Max(most, v);
    }
    out.sum += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
    out.least = std::min(out.least, hn::GetLane(hn::MinOfLanes(d, least)));
    out.most = std::max(out.most, hn::GetLane(hn::MaxOfLanes(d, most)));
    for (; i < end; ++i) {
      out.sum += static_cast<double>(values[i]);
      out.least = std::min(out.least, values[i]);
      out.most = std::max(out.most, values[i]);
    }
  }
  return out;
}

}  // namespace inlay::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
