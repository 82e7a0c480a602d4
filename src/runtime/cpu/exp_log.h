// exp and log of floats without branches or calls, so that loops over them become vector code. Polynomials: Moshier's
// Cephes (1992).
#pragma once

#include <bit>
#include <cstdint>

namespace inlay {

/// e^x for x <= 88, within 2 ulp; 0 below -87.3, where the result is no normal number; NaN stays NaN.
inline float exp_f32(float x) {
  constexpr float kRounder = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number, which its low bits hold
  const float clamped = x < -87.3f ? -87.3f : x > 88.0f ? 88.0f : x;
  const float shifted = clamped * 1.44269504f + kRounder;
  const float n = shifted - kRounder;
  const float r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  const std::uint32_t exponent = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(kRounder);
  const float power = std::bit_cast<float>((exponent + 127u) << 23);
  return x < -87.3f ? 0.0f : p * power;
}

/// ln x for normal positive x, within 1e-7 absolute or 2 ulp.
inline float log_f32(float x) {
  constexpr std::uint32_t kHalfRoot = 0x3f3504f3;  // sqrt(1/2): the mantissa is taken from sqrt(1/2) .. sqrt(2)
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x);
  const auto exponent = static_cast<std::int32_t>(bits - kHalfRoot) >> 23;
  const float f = std::bit_cast<float>(bits - (static_cast<std::uint32_t>(exponent) << 23)) - 1.0f;
  const auto e = static_cast<float>(exponent);
  const float z = f * f;
  float p = 7.0376836292e-2f;
  p = p * f - 1.1514610310e-1f;
  p = p * f + 1.1676998740e-1f;
  p = p * f - 1.2420140846e-1f;
  p = p * f + 1.4249322787e-1f;
  p = p * f - 1.6668057665e-1f;
  p = p * f + 2.0000714765e-1f;
  p = p * f - 2.4999993993e-1f;
  p = p * f + 3.3333331174e-1f;
  return f + (p * f * z - e * 2.12194440e-4f - 0.5f * z) + e * 0.693359375f;
}

/// 1 / (1 + e^-x), without a positive exponent.
inline float sigmoid_f32(float x) {
  const float e = exp_f32(x < 0 ? x : -x);
  return (x < 0 ? e : 1.0f) / (1.0f + e);
}

}  // namespace inlay
