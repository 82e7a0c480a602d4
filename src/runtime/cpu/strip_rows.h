// Products of small matrices with rows of ClassStrip::kSize numbers, of pixels side by side. A vector is 8 numbers.
#pragma once

#include "runtime/cpu/class_strip.h"
#include "runtime/cpu/vector8.h"

namespace inlay::strip_rows {

constexpr std::int64_t kSize = ClassStrip::kSize, kLanes = kVector8;

/// A matrix of `rows` x `columns`, transposed or not.
struct Matrix {
  const float* numbers;
  std::int64_t rows, columns;
  std::ptrdiff_t row, column;  // from one to the next
  float at(std::int64_t r, std::int64_t c) const { return numbers[r * row + c * column]; }
};

/// R rows of y, V vectors of each, from pixel `first` on.
template <int R, int V>
inline void multiply_part(const Matrix& m, std::int64_t r, std::int64_t first, const float* bias, const float* x,
                          float* y) {
  Vector8 sums[R][V];
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < V; ++v) sums[i][v] = Vector8{} + (bias ? bias[r + i] : 0.0f);
  for (std::int64_t c = 0; c < m.columns; ++c)
    for (int v = 0; v < V; ++v) {
      const Vector8 from = load8(x + c * kSize + first + v * kLanes);
      for (int i = 0; i < R; ++i) sums[i][v] += m.at(r + i, c) * from;
    }
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < V; ++v) store8(sums[i][v], y + (r + i) * kSize + first + v * kLanes);
}

/// Rows of y = m x + bias; bias: one a row, or null.
inline void multiply(const Matrix& m, const float* bias, const float* x, float* y) {
  constexpr int kRows = 2, kVectors = 4;
  for (std::int64_t first = 0; first < kSize; first += kVectors * kLanes) {
    std::int64_t r = 0;
    for (; r + kRows <= m.rows; r += kRows) multiply_part<kRows, kVectors>(m, r, first, bias, x, y);
    for (; r < m.rows; ++r) multiply_part<1, kVectors>(m, r, first, bias, x, y);
  }
}

/// sums[i][lane] += the products of a row with N rows of x, lane by lane.
template <int N>
inline void add_products(const float* row, const float* x, float* sums) {
  Vector8 lanes[N];
  for (int i = 0; i < N; ++i) lanes[i] = load8(sums + i * kLanes);
  for (std::int64_t at = 0; at < kSize; at += kLanes) {
    const Vector8 factor = load8(row + at);
    for (int i = 0; i < N; ++i) lanes[i] += factor * load8(x + i * kSize + at);
  }
  for (int i = 0; i < N; ++i) store8(lanes[i], sums + i * kLanes);
}

/// The same for `count` rows.
inline void add_products(const float* row, std::int64_t count, const float* x, float* sums) {
  constexpr int kAtOnce = 8;
  std::int64_t i = 0;
  for (; i + kAtOnce <= count; i += kAtOnce) add_products<kAtOnce>(row, x + i * kSize, sums + i * kLanes);
  for (; i < count; ++i) add_products<1>(row, x + i * kSize, sums + i * kLanes);
}

}  // namespace inlay::strip_rows
