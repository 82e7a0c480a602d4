// Factors of the gradient to the weights: sums over pixels.
#include "runtime/cpu/bf16x3/intrinsics.h"

#if INLAY_HAS_AMX

INLAY_BEGIN_AMX

#include "runtime/cpu/bf16x3/split-inl.h"

namespace inlay::bf16x3 {
namespace {

/// Goes through a frame two pixels at a time.
class Pairs {
 public:
  explicit Pairs(const Frame& frame)
      : frame_(frame),
        read_(frame.pixels.normal),
        begin_((frame.left + frame.right - 1) / frame.right),
        end_((frame.left + frame.width + frame.right - 1) / frame.right) {
    start_row();
  }

  /// The first one's bf16, then the second one's.
  Halves next() {
    const Halves halves = split(pixel(column_), pixel(column_ + 1));
    column_ += 2;
    if (column_ == frame_.pitch) {
      ++row_, column_ = 0;
      start_row();
    }
    return halves;
  }

 private:
  void start_row() {
    const std::int64_t y = row_ * frame_.down - frame_.top;
    const bool inside = row_ < frame_.rows && y >= 0 && y < frame_.height;
    line_ = inside ? frame_.pixels.data + (y * frame_.width - frame_.left) * kBlock : nullptr;
  }
  __m512 pixel(std::int64_t column) const {
    const bool inside = line_ && column >= begin_ && column < end_;
    return inside ? read_(line_ + column * frame_.right * kBlock) : _mm512_setzero_ps();
  }

  const Frame& frame_;
  Reader read_;
  std::int64_t begin_, end_, row_ = 0, column_ = 0;
  const float* line_ = nullptr;
};

/// 16 rows of 16 pairs of bf16 to the same by columns; row i goes to `to` + i * line.
inline void store_transposed(const __m512i* rows, std::byte* to, std::ptrdiff_t line) {
  __m512i a[16], b[16];
#pragma GCC unroll 8
  for (int i = 0; i < 16; i += 2) {
    a[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
    a[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 16; i += 4) {
    b[i] = _mm512_unpacklo_epi64(a[i], a[i + 2]);
    b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 2]);
    b[i + 2] = _mm512_unpacklo_epi64(a[i + 1], a[i + 3]);
    b[i + 3] = _mm512_unpackhi_epi64(a[i + 1], a[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    // Of every four columns, the rows 0 to 7 and 8 to 15.
    const __m512i even_top = _mm512_shuffle_i32x4(b[i], b[4 + i], 0x88);
    const __m512i odd_top = _mm512_shuffle_i32x4(b[i], b[4 + i], 0xdd);
    const __m512i even_bottom = _mm512_shuffle_i32x4(b[8 + i], b[12 + i], 0x88);
    const __m512i odd_bottom = _mm512_shuffle_i32x4(b[8 + i], b[12 + i], 0xdd);
    _mm512_storeu_si512(to + i * line, _mm512_shuffle_i32x4(even_top, even_bottom, 0x88));
    _mm512_storeu_si512(to + (4 + i) * line, _mm512_shuffle_i32x4(odd_top, odd_bottom, 0x88));
    _mm512_storeu_si512(to + (8 + i) * line, _mm512_shuffle_i32x4(even_top, even_bottom, 0xdd));
    _mm512_storeu_si512(to + (12 + i) * line, _mm512_shuffle_i32x4(odd_top, odd_bottom, 0xdd));
  }
}

}  // namespace

void split_channels(const Frame& frame, std::ptrdiff_t row, std::byte* high, std::byte* low) {
  Pairs pairs(frame);
  for (std::int64_t i = 0; i < frame.count; i += kDepth) {
    __m512i highs[kDepth / 2], lows[kDepth / 2];
    for (int k = 0; k < kDepth / 2; ++k) {
      const Halves halves = pairs.next();
      highs[k] = interleave(halves.high);
      lows[k] = interleave(halves.low);
    }
    store_transposed(highs, high + i * 2, row);
    store_transposed(lows, low + i * 2, row);
  }
}

void split_pairs(const Frame& frame, std::ptrdiff_t low, std::ptrdiff_t later, std::byte* high) {
  Pairs pairs(frame);
  Halves halves = pairs.next();
  for (std::int64_t i = 0; i < frame.count / 2; ++i, high += kLine) {
    _mm512_store_si512(high, interleave(halves.high));
    _mm512_store_si512(high + low, interleave(halves.low));
    const Halves next = pairs.next();
    if (later != 0) {
      _mm512_store_si512(high + later, interleave_across(halves.high, next.high));
      _mm512_store_si512(high + later + low, interleave_across(halves.low, next.low));
    }
    halves = next;
  }
}

}  // namespace inlay::bf16x3

INLAY_END_AMX

#endif
