// Vectors of floats to halves. To be included between INLAY_BEGIN_AMX and INLAY_END_AMX.
#pragma once

namespace inlay::bf16x3 {
namespace {

/// 32 bf16.
struct Halves {
  __m512i high, low;
};

inline __m512 to_floats(__m256i bf16) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bf16), 16));
}

/// Of two vectors, the first in the lower half.
inline Halves split(__m512 first, __m512 second) {
  const auto high = (__m512i)_mm512_cvtne2ps_pbh(second, first);
  const __m512 rest_first = _mm512_sub_ps(first, to_floats(_mm512_castsi512_si256(high)));
  const __m512 rest_second = _mm512_sub_ps(second, to_floats(_mm512_extracti64x4_epi64(high, 1)));
  return {high, (__m512i)_mm512_cvtne2ps_pbh(rest_second, rest_first)};
}

/// The bf16 of the lower half and those of the upper one in turn: two rows of a second factor.
inline __m512i interleave(__m512i halves) {
  const __m512i order = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21,
                                         5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  return _mm512_permutexvar_epi16(order, halves);
}

/// The same of the upper half of one vector and the lower half of the next.
inline __m512i interleave_across(__m512i halves, __m512i next) {
  const __m512i order = _mm512_set_epi16(47, 31, 46, 30, 45, 29, 44, 28, 43, 27, 42, 26, 41, 25, 40, 24, 39, 23, 38, 22,
                                         37, 21, 36, 20, 35, 19, 34, 18, 33, 17, 32, 16);
  return _mm512_permutex2var_epi16(halves, order, next);
}

/// Reads pixels of a channel block, through batch norm and ReLU where its numbers are given.
class Reader {
 public:
  explicit Reader(const float* normal) : through_(normal != nullptr) {
    if (!through_) return;
    mean_ = _mm512_loadu_ps(normal);
    factor_ = _mm512_loadu_ps(normal + kBlock);
    shift_ = _mm512_loadu_ps(normal + 2 * kBlock);
  }
  __m512 operator()(const float* pixel) const {
    // The processor fetches ahead by itself only to the end of a page of 4 KB.
    _mm_prefetch(reinterpret_cast<const char*>(pixel + kAhead * kBlock), _MM_HINT_T0);
    const __m512 v = _mm512_loadu_ps(pixel);
    if (!through_) return v;
    return _mm512_max_ps(_mm512_fmadd_ps(_mm512_sub_ps(v, mean_), factor_, shift_), _mm512_setzero_ps());
  }

 private:
  static constexpr std::ptrdiff_t kAhead = 32;  // pixels

  bool through_;
  __m512 mean_{}, factor_{}, shift_{};
};

}  // namespace
}  // namespace inlay::bf16x3
