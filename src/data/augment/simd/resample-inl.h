// Reading pictures at positions between their pixels, a row of the result at a time. Included once for every
// instruction set.
#if defined(INLAY_DATA_RESAMPLE_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef INLAY_DATA_RESAMPLE_INL
#undef INLAY_DATA_RESAMPLE_INL
#else
#define INLAY_DATA_RESAMPLE_INL
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "data/augment/simd/rows.h"
#include "inlay/image.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::simd::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Positions = hn::ScalableTag<float>;
using Indices = hn::RebindToSigned<Positions>;
using Vector = hn::Vec<Positions>;
using Index = hn::Vec<Indices>;

constexpr float kByte = 1.0f / 255.0f;

/// Exactly `a` for a share of 0.
inline float mix(float a, float b, float share) { return a + (b - a) * share; }
HWY_INLINE Vector mix(Vector a, Vector b, Vector share) { return hn::MulAdd(hn::Sub(b, a), share, a); }

/// A position along one side: the two pixels around it and the share of the second.
struct Tap {
  std::int64_t first, second;
  float share;

  Tap(std::int64_t base, float offset, std::int64_t size) {
    const float floor = std::floor(offset);
    first = base + static_cast<std::int64_t>(floor);
    share = offset - floor;
    second = first + 1;
    if (first >= 0 && second < size) return;
    first = reflect_index(first, size);
    second = reflect_index(second, size);
  }
  std::int64_t nearest() const { return share < 0.5f ? first : second; }
};

template <class T>
void resample_pixel(const Source& source, const T* pixels, const RowPositions& at, std::size_t i,
                    const RowTarget& target) {
  const Tap row(at.row, at.rows[i], source.height), column(at.column, at.columns[i], source.width);
  const std::int64_t to = target.first + static_cast<std::int64_t>(i), channels = source.channels;
  target.labels[to] = source.labels[row.nearest() * source.width + column.nearest()];
  const T* top = pixels + row.first * source.width * channels;
  const T* bottom = pixels + row.second * source.width * channels;
  for (std::int64_t c = 0; c < channels; ++c) {
    const auto between = [&](const T* line) {
      return mix(static_cast<float>(line[column.first * channels + c]),
                 static_cast<float>(line[column.second * channels + c]), column.share);
    };
    const float value = mix(between(top), between(bottom), row.share);
    target.planes[static_cast<std::size_t>(c)][to] = sizeof(T) == 1 ? value * kByte : value;
  }
}

/// Byte `shift` / 8 of every word.
HWY_INLINE Vector byte_of(Index words, int shift) {
  const Indices d;
  const auto bytes = hn::And(hn::ShiftRightSame(words, shift), hn::Set(d, 0xff));
  return hn::ConvertTo(Positions(), bytes);
}

HWY_INLINE Index gather_words(const std::uint8_t* base, Index offsets) {
  return hn::GatherOffset(Indices(), reinterpret_cast<const std::int32_t*>(base), offsets);
}

/// The four pixels around each position: offsets of the first, in elements of the picture, and the shares of the second
/// ones.
struct Corners {
  Index pixel;
  std::int64_t line;  // elements from a row to the next
  Vector row_share, column_share;
};

HWY_INLINE void gather_bytes(const Source& source, const Corners& at, const RowTarget& target, std::int64_t to) {
  const Positions d;
  const auto channels = static_cast<int>(source.channels);
  // A word holds up to four channels of a pixel; what lies behind them belongs to the next one.
  for (int c = 0; c < channels; c += 4) {
    const std::uint8_t* top = source.bytes + c;
    const std::uint8_t* bottom = top + at.line;
    const Index a = gather_words(top, at.pixel), b = gather_words(top + channels, at.pixel);
    const Index e = gather_words(bottom, at.pixel), f = gather_words(bottom + channels, at.pixel);
    for (int k = 0; k < std::min(4, channels - c); ++k) {
      const Vector above = mix(byte_of(a, 8 * k), byte_of(b, 8 * k), at.column_share);
      const Vector below = mix(byte_of(e, 8 * k), byte_of(f, 8 * k), at.column_share);
      const Vector value = hn::Mul(mix(above, below, at.row_share), hn::Set(d, kByte));
      hn::StoreU(value, d, target.planes[static_cast<std::size_t>(c + k)] + to);
    }
  }
}

HWY_INLINE void gather_floats(const Source& source, const Corners& at, const RowTarget& target, std::int64_t to) {
  const Positions d;
  for (std::int64_t c = 0; c < source.channels; ++c) {
    const float* top = source.floats + c;
    const float* bottom = top + at.line;
    const auto between = [&](const float* line) HWY_ATTR {
      return mix(hn::GatherIndex(d, line, at.pixel), hn::GatherIndex(d, line + source.channels, at.pixel),
                 at.column_share);
    };
    hn::StoreU(mix(between(top), between(bottom), at.row_share), d, target.planes[static_cast<std::size_t>(c)] + to);
  }
}

/// False when a position is too near to the border: a word read there could end behind the picture.
HWY_INLINE bool resample_vector(const Source& source, const RowPositions& at, std::size_t i, const RowTarget& target) {
  const Positions d;
  const Indices di;
  const auto width = static_cast<std::int32_t>(source.width), height = static_cast<std::int32_t>(source.height);
  const Vector y = hn::LoadU(d, &at.rows[i]), x = hn::LoadU(d, &at.columns[i]);
  const Vector floor_y = hn::Floor(y), floor_x = hn::Floor(x);
  const Index row = hn::Add(hn::ConvertTo(di, floor_y), hn::Set(di, static_cast<std::int32_t>(at.row)));
  const Index column = hn::Add(hn::ConvertTo(di, floor_x), hn::Set(di, static_cast<std::int32_t>(at.column)));
  const Index zero = hn::Zero(di);
  const auto outside = hn::Or(hn::Or(hn::Lt(row, zero), hn::Gt(row, hn::Set(di, height - 3))),
                              hn::Or(hn::Lt(column, zero), hn::Gt(column, hn::Set(di, width - 2))));
  if (!hn::AllFalse(di, outside)) return false;
  const Vector row_share = hn::Sub(y, floor_y), column_share = hn::Sub(x, floor_x), half = hn::Set(d, 0.5f);
  const Index pixel = hn::Add(hn::Mul(row, hn::Set(di, width)), column);
  const std::int64_t to = target.first + static_cast<std::int64_t>(i);
  const Index down = hn::IfThenElseZero(hn::RebindMask(di, hn::Ge(row_share, half)), hn::Set(di, width));
  const Index right = hn::IfThenElseZero(hn::RebindMask(di, hn::Ge(column_share, half)), hn::Set(di, 1));
  const Index label = hn::And(gather_words(source.labels, hn::Add(hn::Add(pixel, down), right)), hn::Set(di, 0xff));
  const hn::Rebind<std::uint8_t, Indices> d8;
  hn::StoreU(hn::DemoteTo(d8, label), d8, target.labels + to);
  const auto channels = static_cast<std::int32_t>(source.channels);
  const Corners corners{hn::Mul(pixel, hn::Set(di, channels)), source.width * source.channels, row_share, column_share};
  source.bytes ? gather_bytes(source, corners, target, to) : gather_floats(source, corners, target, to);
  return true;
}

inline void resample_row(const Source& source, const RowPositions& at, const RowTarget& target) {
  const std::size_t lanes = hn::Lanes(Positions()), count = at.rows.size();
  // Offsets are words of 32 bits, and a word of labels must not end behind them.
  const std::int64_t bytes = source.height * source.width * source.channels * (source.bytes ? 1 : 4);
  const std::int64_t far = std::int64_t{1} << 30;
  const bool fits = bytes < far && source.width >= 4 && std::abs(at.row) < far && std::abs(at.column) < far;
  const auto pixel = [&](std::size_t i) {
    if (source.bytes)
      resample_pixel(source, source.bytes, at, i, target);
    else
      resample_pixel(source, source.floats, at, i, target);
  };
  std::size_t i = 0;
  for (; fits && i + lanes <= count; i += lanes)
    if (!resample_vector(source, at, i, target))
      for (std::size_t k = i; k < i + lanes; ++k) pixel(k);
  for (; i < count; ++i) pixel(i);
}

/// Three channels of bytes, vector by vector. Returns how many pixels that were.
HWY_INLINE std::int64_t copy_rgb(const std::uint8_t* from, std::int64_t count, const RowTarget& target) {
  const Positions d;
  const hn::Rebind<std::uint8_t, Positions> d8;
  const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
  std::int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::Vec<decltype(d8)> r, g, b;
    hn::LoadInterleaved3(d8, from + 3 * i, r, g, b);
    const auto store = [&](hn::Vec<decltype(d8)> bytes, std::size_t c) HWY_ATTR {
      const Vector value = hn::ConvertTo(d, hn::PromoteTo(Indices(), bytes));
      hn::StoreU(hn::Mul(value, hn::Set(d, kByte)), d, target.planes[c] + target.first + i);
    };
    store(r, 0);
    store(g, 1);
    store(b, 2);
  }
  return i;
}

inline void copy_row(const Source& source, std::int64_t row, std::int64_t column, std::int64_t count,
                     const RowTarget& target) {
  const std::int64_t start = row * source.width + column, channels = source.channels;
  std::copy_n(source.labels + start, count, target.labels + target.first);
  const auto copy = [&](const auto* from, float scale, std::int64_t done) {
    for (std::int64_t c = 0; c < channels; ++c) {
      float* to = target.planes[static_cast<std::size_t>(c)] + target.first;
      for (std::int64_t i = done; i < count; ++i) to[i] = static_cast<float>(from[i * channels + c]) * scale;
    }
  };
  if (!source.bytes) return copy(source.floats + start * channels, 1.0f, 0);
  const std::uint8_t* from = source.bytes + start * channels;
  copy(from, kByte, channels == 3 ? copy_rgb(from, count, target) : 0);
}

}  // namespace inlay::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
