// The transforms of Winograd's F(Tile x Tile, 3x3) over vectors of channels (Lavin and Gray 2016), by interpolation at
// the points 0, p and -p for some numbers p, and infinity. Those p round least of what was searched.
//   y = At [(G g Gt) * (Bt d B)] A,  dg = Gt [(A dy At) * (Bt d B)] G

// clang-format off
#if defined(INLAY_WINOGRAD_TRANSFORMS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_WINOGRAD_TRANSFORMS_INL_H_
#undef INLAY_WINOGRAD_TRANSFORMS_INL_H_
#else
#define INLAY_WINOGRAD_TRANSFORMS_INL_H_
#endif
// clang-format on

#include <array>

#include "runtime/cpu/simd/products-inl.h"
#include "runtime/cpu/winograd/winograd.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::winograd::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;

template <int Tile>
constexpr int kPairs = Tile / 2;

/// The numbers p, and what the transforms are made of.
template <int Tile>
struct Interpolation {
  static constexpr int K = kPairs<Tile>;
  std::array<double, K> p{};
  std::array<double, K + 1> zero{};                // product of (x^2 - p^2): its coefficients of x^0, x^2, ...
  std::array<std::array<double, K>, K> without{};  // the same without the k-th p
  double scale_zero = 0;                           // 1 / the product of (0 - q) over the other finite points q
  std::array<double, K> scale{};                   // the same for p and for -p

  explicit constexpr Interpolation(std::array<double, K> numbers) : p(numbers) {
    zero[0] = 1;
    for (int k = 0; k < K; ++k) multiply(zero, p[k]);
    scale_zero = 1 / zero[0];
    for (int k = 0; k < K; ++k) {
      without[k][0] = 1;
      scale[k] = 1 / (2 * p[k] * p[k]);
      for (int m = 0; m < K; ++m) {
        if (m == k) continue;
        multiply(without[k], p[m]);
        scale[k] /= p[k] * p[k] - p[m] * p[m];
      }
    }
  }
  constexpr double power(int k, int exponent) const {
    double value = 1;
    for (int i = 0; i < exponent; ++i) value *= p[k];
    return value;
  }

 private:
  static constexpr void multiply(auto& polynomial, double q) {
    for (auto i = polynomial.size(); i-- > 0;) polynomial[i] = (i > 0 ? polynomial[i - 1] : 0) - q * q * polynomial[i];
  }
};

template <int Tile>
constexpr Interpolation<Tile> kInterpolation{{0.625, 1.5}};
template <>
constexpr Interpolation<6> kInterpolation<6>{{0.5, 1, 2}};

HWY_INLINE Vector scaled(double factor, Vector value) {
  return factor == 1 ? value : hn::Mul(hn::Set(Tag(), static_cast<float>(factor)), value);
}
HWY_INLINE Vector add_scaled(double factor, Vector value, Vector sum) {
  return factor == 1 ? hn::Add(value, sum) : hn::MulAdd(hn::Set(Tag(), static_cast<float>(factor)), value, sum);
}

/// At p and at -p: even + p odd, even - p odd.
HWY_INLINE void at_both(double p, Vector even, Vector odd, Vector* out) {
  const Vector factor = hn::Set(Tag(), static_cast<float>(p));
  out[0] = p == 1 ? hn::Add(even, odd) : hn::MulAdd(factor, odd, even);
  out[1] = p == 1 ? hn::Sub(even, odd) : hn::NegMulAdd(factor, odd, even);
}

/// Bt: inputs to points. The row of a point is the product of (x - q) over the other finite points q.
template <int Tile>
HWY_INLINE void input_points(const Vector* d, Vector* out) {
  constexpr auto at = kInterpolation<Tile>;
  constexpr int K = kPairs<Tile>;
#pragma GCC unroll 4
  for (int k = 0; k < K; ++k) {
    Vector even = d[2 * K], odd = d[2 * K - 1];
#pragma GCC unroll 4
    for (int i = K - 2; i >= 0; --i) {
      even = add_scaled(at.without[k][i], d[2 * i + 2], even);
      odd = add_scaled(at.without[k][i], d[2 * i + 1], odd);
    }
    at_both(at.p[k], even, odd, out + 2 * k + 1);
  }
  Vector zero = d[2 * K], infinity = d[2 * K + 1];
#pragma GCC unroll 4
  for (int i = K - 1; i >= 0; --i) {
    zero = add_scaled(at.zero[i], d[2 * i], zero);
    infinity = add_scaled(at.zero[i], d[2 * i + 1], infinity);
  }
  out[0] = zero;
  out[Tile + 1] = infinity;
}

/// At: points to outputs, row j the j-th powers.
template <int Tile>
HWY_INLINE void output_values(const Vector* m, Vector* out) {
  constexpr auto at = kInterpolation<Tile>;
  constexpr int K = kPairs<Tile>;
  Vector even[K], odd[K];
#pragma GCC unroll 4
  for (int k = 0; k < K; ++k) {
    even[k] = hn::Add(m[2 * k + 1], m[2 * k + 2]);
    odd[k] = hn::Sub(m[2 * k + 1], m[2 * k + 2]);
  }
#pragma GCC unroll 8
  for (int j = 0; j < Tile; ++j) {
    const Vector* values = j % 2 ? odd : even;
    Vector sum = scaled(at.power(0, j), values[0]);
#pragma GCC unroll 4
    for (int k = 1; k < K; ++k) sum = add_scaled(at.power(k, j), values[k], sum);
    out[j] = j == 0 ? hn::Add(m[0], sum) : j == Tile - 1 ? hn::Add(m[Tile + 1], sum) : sum;
  }
}

/// A: output gradients to points.
template <int Tile>
HWY_INLINE void gradient_points(const Vector* y, Vector* out) {
  constexpr auto at = kInterpolation<Tile>;
#pragma GCC unroll 4
  for (int k = 0; k < kPairs<Tile>; ++k) {
    Vector even = y[0], odd = y[1];
#pragma GCC unroll 4
    for (int i = 2; i < Tile; i += 2) {
      even = add_scaled(at.power(k, i), y[i], even);
      odd = add_scaled(at.power(k, i), y[i + 1], odd);
    }
    at_both(at.p[k], even, odd, out + 2 * k + 1);
  }
  out[0] = y[0];
  out[Tile + 1] = y[Tile - 1];
}

/// G: three weights to points.
template <int Tile>
HWY_INLINE void weight_points(const Vector* g, Vector* out) {
  constexpr auto at = kInterpolation<Tile>;
#pragma GCC unroll 4
  for (int k = 0; k < kPairs<Tile>; ++k) {
    const Vector even = add_scaled(at.scale[k] * at.power(k, 2), g[2], scaled(at.scale[k], g[0]));
    at_both(1, even, scaled(at.scale[k] * at.p[k], g[1]), out + 2 * k + 1);
  }
  out[0] = scaled(at.scale_zero, g[0]);
  out[Tile + 1] = g[2];
}

/// Gt: points to three weight gradients.
template <int Tile>
HWY_INLINE void weight_values(const Vector* s, Vector* out) {
  constexpr auto at = kInterpolation<Tile>;
  out[0] = scaled(at.scale_zero, s[0]);
  out[1] = hn::Zero(Tag());
  out[2] = s[Tile + 1];
#pragma GCC unroll 4
  for (int k = 0; k < kPairs<Tile>; ++k) {
    const Vector even = hn::Add(s[2 * k + 1], s[2 * k + 2]), odd = hn::Sub(s[2 * k + 1], s[2 * k + 2]);
    out[0] = add_scaled(at.scale[k], even, out[0]);
    out[1] = add_scaled(at.scale[k] * at.p[k], odd, out[1]);
    out[2] = add_scaled(at.scale[k] * at.power(k, 2), even, out[2]);
  }
}

/// A transform of columns, then of rows, From x From values to To x To. Values come from load(y, x) and go to
/// store(y, x, value) one line at a time: all of them at once would not fit into the registers.
template <int From, int To, class Line, class Load, class Store>
HWY_INLINE void transform(Line line, Load load, Store store) {
  Vector half[From * To];
#pragma GCC unroll 8
  for (int x = 0; x < From; ++x) {
    Vector in[From], out[To];
#pragma GCC unroll 8
    for (int y = 0; y < From; ++y) in[y] = load(y, x);
    line(in, out);
#pragma GCC unroll 8
    for (int y = 0; y < To; ++y) half[y * From + x] = out[y];
  }
#pragma GCC unroll 8
  for (int y = 0; y < To; ++y) {
    Vector out[To];
    line(half + y * From, out);
#pragma GCC unroll 8
    for (int x = 0; x < To; ++x) store(y, x, out[x]);
  }
}

}  // namespace inlay::winograd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
