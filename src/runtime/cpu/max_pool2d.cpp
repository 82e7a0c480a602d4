#include <algorithm>

#include "graph/options.h"
#include "ops/pool_geometry.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

/// The part of a window that lies in the picture: h x w pixels from (y, x) on, `step` apart.
struct Box {
  std::int64_t y, x, h, w;
  Size2 step;
};

Box clip(const PoolGeometry& g, std::int64_t oy, std::int64_t ox) {
  const std::int64_t top = oy * g.stride.h - g.padding.top, left = ox * g.stride.w - g.padding.left;
  const PoolTaps rows = pool_taps(top, g.h, g.kernel.h, g.dilation.h);
  const PoolTaps columns = pool_taps(left, g.w, g.kernel.w, g.dilation.w);
  return {rows.first, columns.first, rows.count, columns.count, g.dilation};
}

/// One output pixel, all lanes of a block.
template <int B, bool Values, bool Indices>
inline void pool_pixel(const float* plane, std::int64_t width, const Box& box, float* value, std::int32_t* index) {
  const std::int64_t first = box.y * width + box.x;
  float best[B];
  std::int32_t at[B];
  for (int l = 0; l < B; ++l) {
    best[l] = plane[first * B + l];
    at[l] = static_cast<std::int32_t>(first);
  }
  for (std::int64_t ky = 0; ky < box.h; ++ky)
    for (std::int64_t kx = 0; kx < box.w; ++kx) {
      const std::int64_t position = first + ky * box.step.h * width + kx * box.step.w;
      const float* x = plane + position * B;
#pragma omp simd
      for (int l = 0; l < B; ++l) {
        const bool better = x[l] > best[l];
        best[l] = better ? x[l] : best[l];
        if constexpr (Indices) at[l] = better ? static_cast<std::int32_t>(position) : at[l];
      }
    }
  if constexpr (Values)
    for (int l = 0; l < B; ++l) value[l] = best[l];
  if constexpr (Indices)
    for (int l = 0; l < B; ++l) index[l] = at[l];
}

/// The same for a window of 2x2 inside the picture, without a loop over it, so that everything stays in registers.
template <int B, bool Values, bool Indices>
inline void pool_2x2(const float* plane, std::int64_t width, const Box& box, float* value, std::int32_t* index) {
  const std::int64_t first = box.y * width + box.x;
  const std::int64_t right = box.step.w, below = box.step.h * width;
  const float *a = plane + first * B, *b = a + right * B, *c = a + below * B, *d = c + right * B;
  const auto at_a = static_cast<std::int32_t>(first), at_c = static_cast<std::int32_t>(first + below);
  const auto aside = static_cast<std::int32_t>(right);
#pragma omp simd
  for (int l = 0; l < B; ++l) {
    const float ab = b[l] > a[l] ? b[l] : a[l], abc = c[l] > ab ? c[l] : ab;
    if constexpr (Values) value[l] = d[l] > abc ? d[l] : abc;
    if constexpr (Indices) {
      const std::int32_t at_ab = b[l] > a[l] ? at_a + aside : at_a, at_abc = c[l] > ab ? at_c : at_ab;
      index[l] = d[l] > abc ? at_c + aside : at_abc;
    }
  }
}

/// The output columns whose windows lie in the picture, and the same for rows.
struct Interior {
  std::int64_t begin, end;
};

Interior interior(std::int64_t size, std::int64_t before, std::int64_t extent, std::int64_t stride, std::int64_t out) {
  const std::int64_t begin = std::min((before + stride - 1) / stride, out);
  const std::int64_t room = size + before - extent;
  return {begin, std::clamp<std::int64_t>(room < 0 ? 0 : room / stride + 1, begin, out)};
}

template <int B, int K, bool Values, bool Indices>
void pool_row(const PoolGeometry& g, const Interior& rows, const Interior& columns, const float* plane, std::int64_t oy,
              float* values, std::int32_t* indices) {
  const auto border = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t ox = begin; ox < end; ++ox)
      pool_pixel<B, Values, Indices>(plane, g.w, clip(g, oy, ox), Values ? values + ox * B : nullptr,
                                     Indices ? indices + ox * B : nullptr);
  };
  if (oy < rows.begin || oy >= rows.end) return border(0, g.ow);
  border(0, columns.begin);
  Box box{oy * g.stride.h - g.padding.top, 0, g.kernel.h, g.kernel.w, g.dilation};
  for (std::int64_t ox = columns.begin; ox < columns.end; ++ox) {
    box.x = ox * g.stride.w - g.padding.left;
    float* value = Values ? values + ox * B : nullptr;
    std::int32_t* index = Indices ? indices + ox * B : nullptr;
    if constexpr (K == 2)
      pool_2x2<B, Values, Indices>(plane, g.w, box, value, index);
    else
      pool_pixel<B, Values, Indices>(plane, g.w, box, value, index);
  }
  border(columns.end, g.ow);
}

template <int B, int K, bool Values, bool Indices>
void pool(const PoolGeometry& g, const Rows& y, const float* x, float* values, std::int32_t* indices) {
  const Interior rows = interior(g.h, g.padding.top, pool_extent(g.kernel.h, g.dilation.h), g.stride.h, g.oh);
  const Interior columns = interior(g.w, g.padding.left, pool_extent(g.kernel.w, g.dilation.w), g.stride.w, g.ow);
  parallel_ranges(
      y.count(),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          float* value = Values ? values + row * y.row_size() : nullptr;
          std::int32_t* at = Indices ? indices + row * y.row_size() : nullptr;
          pool_row<B, K, Values, Indices>(g, rows, columns, x + row / g.oh * g.h * g.w * B, row % g.oh, value, at);
          if (const int lanes = y.lanes(row); Indices && lanes < B)
            for (std::int64_t i = 0; i < g.ow; ++i) std::fill(at + i * B + lanes, at + (i + 1) * B, 0);
        }
      },
      y.elements() * g.kernel.h * g.kernel.w);
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const auto g = pool_geometry(from_attributes<Pool2dOptions>(spec.attributes), spec.inputs[0].type);
  const Rows y(spec.outputs[0]);
  return with_block(y.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([g, y](const Pointers& p, std::uint64_t) {
      const float* x = p.in<float>(0);
      float* values = p.out<float>(0);
      std::int32_t* indices = p.out<std::int32_t>(1);
      const bool two = g.kernel == Size2(2);
      if (values == nullptr)
        (two ? pool<B, 2, false, true> : pool<B, 0, false, true>)(g, y, x, values, indices);
      else if (indices != nullptr)
        (two ? pool<B, 2, true, true> : pool<B, 0, true, true>)(g, y, x, values, indices);
      else
        (two ? pool<B, 2, true, false> : pool<B, 0, true, false>)(g, y, x, values, indices);
    });
  });
}

}  // namespace

const CpuKernel kMaxPool2dKernel{.op = "max_pool2d", .layout = follow_first, .make = make};

}  // namespace inlay
