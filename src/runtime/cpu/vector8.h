// Vectors of 8 floats, as GCC and Clang have them for every processor.
#pragma once

#include <cstdint>
#include <cstring>

namespace inlay {

constexpr std::int64_t kVector8 = 8;
using Vector8 [[gnu::vector_size(kVector8 * sizeof(float))]] = float;

inline Vector8 load8(const float* from) {
  Vector8 v;
  std::memcpy(&v, from, sizeof v);
  return v;
}
inline void store8(Vector8 v, float* to) { std::memcpy(to, &v, sizeof v); }

/// 8 rows of 8 numbers become columns; rows lie `from_row` and `to_row` floats apart.
inline void transpose8x8(const float* from, std::ptrdiff_t from_row, float* to, std::ptrdiff_t to_row) {
  Vector8 pairs[8], fours[8];
  for (int i = 0; i < 8; i += 2) {
    const Vector8 a = load8(from + i * from_row), b = load8(from + (i + 1) * from_row);
    pairs[i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 1] = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int k = 0; k < 2; ++k) {
      const Vector8 a = pairs[i + k], b = pairs[i + 2 + k];
      fours[i + 2 * k] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      fours[i + 2 * k + 1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; ++i) {
    store8(__builtin_shufflevector(fours[i], fours[i + 4], 0, 1, 2, 3, 8, 9, 10, 11), to + i * to_row);
    store8(__builtin_shufflevector(fours[i], fours[i + 4], 4, 5, 6, 7, 12, 13, 14, 15), to + (i + 4) * to_row);
  }
}

}  // namespace inlay
