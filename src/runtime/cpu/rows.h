// A picture as rows along W, one row a (batch item, channel block, line), for kernels that are written for any block.
#pragma once

#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/kernel.h"

namespace inlay {

struct Rows {
  /// A tensor that is no picture is one row of all its elements.
  explicit Rows(const Buffer& buffer) : block(buffer.block) {
    const Shape& s = buffer.type.shape;
    if (s.rank() != 4) {
      width = s.elements();
      return;
    }
    images = s[0], channels = s[1], height = s[2], width = s[3];
    blocks = (channels + block - 1) / block;
  }

  std::int64_t count() const { return images * blocks * height; }
  std::int64_t row_size() const { return width * block; }
  std::int64_t elements() const { return count() * row_size(); }
  std::int64_t channel_block(std::int64_t row) const { return row / height % blocks; }
  /// Channels of the row's block that exist: below the block in the last one, maybe.
  int lanes(std::int64_t row) const {
    return static_cast<int>(std::min<std::int64_t>(channels - channel_block(row) * block, block));
  }

  std::int64_t images = 1, channels = 1, blocks = 1, height = 1, width = 1;
  int block;
};

/// Zeros in the lanes beyond the last channel of a row.
template <int B>
void clear_padding(float* row, std::int64_t width, int lanes) {
  if (lanes >= B) return;
  for (std::int64_t x = 0; x < width; ++x) std::fill(row + x * B + lanes, row + (x + 1) * B, 0.0f);
}

/// y = f(x) element by element.
template <class F>
std::unique_ptr<Kernel> make_pointwise(const KernelSpec& spec, F f) {
  const Rows rows(spec.inputs[0]);
  const bool padded = rows.channels % rows.block != 0 && f(0.0f) != 0.0f;
  return with_block(rows.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([rows, padded, f](const Pointers& p, std::uint64_t) {
      const float* x = p.in<float>(0);
      float* y = p.out<float>(0);
      const auto part = [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) y[i] = f(x[i]);
      };
      if (!padded) return parallel_ranges(rows.elements(), part, rows.elements());
      parallel_ranges(
          rows.count(),
          [&](std::int64_t begin, std::int64_t end) {
            const std::int64_t size = rows.row_size();
            part(begin * size, end * size);
            for (std::int64_t row = begin; row < end; ++row)
              clear_padding<B>(y + row * size, rows.width, rows.lanes(row));
          },
          rows.elements());
    });
  });
}

/// z = f(x, y) of two tensors of one shape, f(0, 0) = 0.
template <class F>
std::unique_ptr<Kernel> make_pointwise2(const KernelSpec& spec, F f) {
  const auto count = static_cast<std::int64_t>(spec.outputs[0].bytes() / sizeof(float));
  return make_kernel([count, f](const Pointers& p, std::uint64_t) {
    const float *x = p.in<float>(0), *y = p.in<float>(1);
    float* z = p.out<float>(0);
    parallel_ranges(
        count,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) z[i] = f(x[i], y[i]);
        },
        count);
  });
}

}  // namespace inlay
