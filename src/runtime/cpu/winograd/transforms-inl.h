// The transforms of Winograd's F(4x4, 3x3) over vectors of channels (Lavin and Gray 2016), by interpolation at the
// points 0, a, -a, b, -b and infinity with a = 5/8 and b = 3/2, which round less than the usual 1 and 2.
//   y = At [(G g Gt) * (Bt d B)] A,  dg = Gt [(A dy At) * (Bt d B)] G

// clang-format off
#if defined(INLAY_WINOGRAD_TRANSFORMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_TRANSFORMS_INL_H_
#undef INLAY_WINOGRAD_TRANSFORMS_INL_H_
#else
#define INLAY_WINOGRAD_TRANSFORMS_INL_H_
#endif
// clang-format on

#include "runtime/cpu/simd/products-inl.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;

constexpr float kA = 0.625f, kB = 1.5f;
constexpr float kA2 = kA * kA, kB2 = kB * kB, kA3 = kA2 * kA, kB3 = kB2 * kB;

HWY_INLINE Vector constant(float value) { return hn::Set(Tag(), value); }

/// Bt: six inputs to six points. Row p is the product of (x - q) over the other points q.
HWY_INLINE void input_points(const Vector* d, Vector* out) {
  const Vector d0 = d[0], d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], d5 = d[5];
  const Vector a = constant(kA), b = constant(kB), a2 = constant(kA2), b2 = constant(kB2);
  const Vector product = constant(kA2 * kB2), sum = constant(kA2 + kB2);
  const Vector even_a = hn::NegMulAdd(b2, d2, d4), odd_a = hn::NegMulAdd(b2, d1, d3);
  const Vector even_b = hn::NegMulAdd(a2, d2, d4), odd_b = hn::NegMulAdd(a2, d1, d3);
  out[0] = hn::MulAdd(product, d0, hn::NegMulAdd(sum, d2, d4));
  out[1] = hn::MulAdd(a, odd_a, even_a);
  out[2] = hn::NegMulAdd(a, odd_a, even_a);
  out[3] = hn::MulAdd(b, odd_b, even_b);
  out[4] = hn::NegMulAdd(b, odd_b, even_b);
  out[5] = hn::MulAdd(product, d1, hn::NegMulAdd(sum, d3, d5));
}

/// At: six points to four outputs, row j the j-th powers.
HWY_INLINE void output_values(const Vector* m, Vector* out) {
  const Vector m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5];
  const Vector even_a = hn::Add(m1, m2), odd_a = hn::Sub(m1, m2), even_b = hn::Add(m3, m4), odd_b = hn::Sub(m3, m4);
  out[0] = hn::Add(m0, hn::Add(even_a, even_b));
  out[1] = hn::MulAdd(constant(kB), odd_b, hn::Mul(constant(kA), odd_a));
  out[2] = hn::MulAdd(constant(kB2), even_b, hn::Mul(constant(kA2), even_a));
  out[3] = hn::MulAdd(constant(kB3), odd_b, hn::MulAdd(constant(kA3), odd_a, m5));
}

/// A: four output gradients to six points.
HWY_INLINE void gradient_points(const Vector* y, Vector* out) {
  const Vector y0 = y[0], y1 = y[1], y2 = y[2], y3 = y[3];
  const Vector even_a = hn::MulAdd(constant(kA2), y2, y0), odd_a = hn::MulAdd(constant(kA2), y3, y1);
  const Vector even_b = hn::MulAdd(constant(kB2), y2, y0), odd_b = hn::MulAdd(constant(kB2), y3, y1);
  out[0] = y0;
  out[1] = hn::MulAdd(constant(kA), odd_a, even_a);
  out[2] = hn::NegMulAdd(constant(kA), odd_a, even_a);
  out[3] = hn::MulAdd(constant(kB), odd_b, even_b);
  out[4] = hn::NegMulAdd(constant(kB), odd_b, even_b);
  out[5] = y3;
}

// 1 / the product of (p - q) over the other finite points q.
constexpr float kScale0 = 1 / (kA2 * kB2), kScaleA = 1 / (2 * kA2 * (kA2 - kB2)), kScaleB = 1 / (2 * kB2 * (kB2 - kA2));

/// G: three weights to six points.
HWY_INLINE void weight_points(const Vector* g, Vector* out) {
  const Vector g0 = g[0], g1 = g[1], g2 = g[2];
  const Vector even_a = hn::MulAdd(constant(kScaleA * kA2), g2, hn::Mul(constant(kScaleA), g0));
  const Vector odd_a = hn::Mul(constant(kScaleA * kA), g1);
  const Vector even_b = hn::MulAdd(constant(kScaleB * kB2), g2, hn::Mul(constant(kScaleB), g0));
  const Vector odd_b = hn::Mul(constant(kScaleB * kB), g1);
  out[0] = hn::Mul(constant(kScale0), g0);
  out[1] = hn::Add(even_a, odd_a);
  out[2] = hn::Sub(even_a, odd_a);
  out[3] = hn::Add(even_b, odd_b);
  out[4] = hn::Sub(even_b, odd_b);
  out[5] = g2;
}

/// Gt: six points to three weight gradients.
HWY_INLINE void weight_values(const Vector* s, Vector* out) {
  const Vector s0 = s[0], s1 = s[1], s2 = s[2], s3 = s[3], s4 = s[4], s5 = s[5];
  const Vector even_a = hn::Add(s1, s2), odd_a = hn::Sub(s1, s2), even_b = hn::Add(s3, s4), odd_b = hn::Sub(s3, s4);
  const Vector a = hn::MulAdd(constant(kScaleB), even_b, hn::Mul(constant(kScaleA), even_a));
  out[0] = hn::MulAdd(constant(kScale0), s0, a);
  out[1] = hn::MulAdd(constant(kScaleB * kB), odd_b, hn::Mul(constant(kScaleA * kA), odd_a));
  out[2] = hn::MulAdd(constant(kScaleB * kB2), even_b, hn::MulAdd(constant(kScaleA * kA2), even_a, s5));
}

/// A transform of columns, then of rows, From x From values to To x To. Values come from load(y, x) and go to
/// store(y, x, value) one line at a time: all of them at once would not fit into the registers.
template <int From, int To, class Line, class Load, class Store>
HWY_INLINE void transform(Line line, Load load, Store store) {
  Vector half[From * To];
#pragma GCC unroll 6
  for (int x = 0; x < From; ++x) {
    Vector in[From], out[To];
#pragma GCC unroll 6
    for (int y = 0; y < From; ++y) in[y] = load(y, x);
    line(in, out);
#pragma GCC unroll 6
    for (int y = 0; y < To; ++y) half[y * From + x] = out[y];
  }
#pragma GCC unroll 6
  for (int y = 0; y < To; ++y) {
    Vector out[To];
    line(half + y * From, out);
#pragma GCC unroll 6
    for (int x = 0; x < To; ++x) store(y, x, out[x]);
  }
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
