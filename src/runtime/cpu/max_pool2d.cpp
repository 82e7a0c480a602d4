#include <algorithm>
#include <cmath>

#include "graph/options.h"
#include "ops/pool_geometry.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/normals.h"
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

/// The pixels of a plane as they are, or through batch norm and ReLU.
struct AsItIs {
  const float* plane;
  float operator()(std::int64_t i, int lane) const { return plane[i + lane]; }
};
template <int B>
struct NormaliseRelu {
  const float *plane, *numbers;  // means, factors, shifts
  float operator()(std::int64_t i, int lane) const {
    const float value = std::fma(plane[i + lane] - numbers[lane], numbers[B + lane], numbers[2 * B + lane]);
    return value > 0 ? value : 0.0f;
  }
};

/// One output pixel, all lanes of a block.
template <int B, bool Values, bool Indices, class Read>
inline void pool_pixel(const Read& read, std::int64_t width, const Box& box, float* value, std::int32_t* index) {
  const std::int64_t first = box.y * width + box.x;
  float best[B];
  std::int32_t at[B];
  for (int l = 0; l < B; ++l) {
    best[l] = read(first * B, l);
    at[l] = static_cast<std::int32_t>(first);
  }
  for (std::int64_t ky = 0; ky < box.h; ++ky)
    for (std::int64_t kx = 0; kx < box.w; ++kx) {
      const std::int64_t position = first + ky * box.step.h * width + kx * box.step.w;
#pragma omp simd
      for (int l = 0; l < B; ++l) {
        const float x = read(position * B, l);
        const bool better = x > best[l];
        best[l] = better ? x : best[l];
        if constexpr (Indices) at[l] = better ? static_cast<std::int32_t>(position) : at[l];
      }
    }
  if constexpr (Values)
    for (int l = 0; l < B; ++l) value[l] = best[l];
  if constexpr (Indices)
    for (int l = 0; l < B; ++l) index[l] = at[l];
}

/// The same for a window of 2x2 inside the picture, without a loop over it, so that everything stays in registers.
template <int B, bool Values, bool Indices, class Read>
inline void pool_2x2(const Read& read, std::int64_t width, const Box& box, float* value, std::int32_t* index) {
  const std::int64_t first = box.y * width + box.x;
  const std::int64_t right = box.step.w, below = box.step.h * width;
  const auto at_a = static_cast<std::int32_t>(first), at_c = static_cast<std::int32_t>(first + below);
  const auto aside = static_cast<std::int32_t>(right);
#pragma omp simd
  for (int l = 0; l < B; ++l) {
    const float a = read(first * B, l), b = read((first + right) * B, l);
    const float c = read((first + below) * B, l), d = read((first + below + right) * B, l);
    const float ab = b > a ? b : a, abc = c > ab ? c : ab;
    if constexpr (Values) value[l] = d > abc ? d : abc;
    if constexpr (Indices) {
      const std::int32_t at_ab = b > a ? at_a + aside : at_a, at_abc = c > ab ? at_c : at_ab;
      index[l] = d > abc ? at_c + aside : at_abc;
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

template <int B, int K, bool Values, bool Indices, class Read>
void pool_row(const PoolGeometry& g, const Interior& rows, const Interior& columns, const Read& read, std::int64_t oy,
              float* values, std::int32_t* indices) {
  const auto border = [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t ox = begin; ox < end; ++ox)
      pool_pixel<B, Values, Indices>(read, g.w, clip(g, oy, ox), Values ? values + ox * B : nullptr,
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
      pool_2x2<B, Values, Indices>(read, g.w, box, value, index);
    else
      pool_pixel<B, Values, Indices>(read, g.w, box, value, index);
  }
  border(columns.end, g.ow);
}

template <int B>
class MaxPool : public Kernel {
 public:
  explicit MaxPool(const KernelSpec& spec)
      : geometry_(pool_geometry(from_attributes<Pool2dOptions>(spec.attributes), spec.inputs[0].type)),
        y_(spec.outputs[0]),
        normals_({&spec.inputs[0], 1},
                 spec.inputs.size() > 1 ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>()) {}

  void bind(const Pointers& pointers) override {
    Kernel::bind(pointers);
    normals_.bind(std::span(pointers_.inputs).subspan(1));
  }

  void run(std::uint64_t) override {
    normals_.update();
    const bool values = pointers_.out<float>(0) != nullptr, indices = pointers_.out<float>(1) != nullptr;
    geometry_.kernel == Size2(2) ? run_with<2>(values, indices) : run_with<0>(values, indices);
  }

 private:
  template <int K>
  void run_with(bool values, bool indices) const {
    if (!values) return pool<K, false, true>();
    indices ? pool<K, true, true>() : pool<K, true, false>();
  }

  template <int K, bool Values, bool Indices>
  void pool() const {
    const PoolGeometry& g = geometry_;
    const Interior rows = interior(g.h, g.padding.top, pool_extent(g.kernel.h, g.dilation.h), g.stride.h, g.oh);
    const Interior columns = interior(g.w, g.padding.left, pool_extent(g.kernel.w, g.dilation.w), g.stride.w, g.ow);
    parallel_ranges(
        y_.count(),
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t row = begin; row < end; ++row) {
            const std::int64_t at = row * y_.row_size();
            float* value = Values ? pointers_.out<float>(0) + at : nullptr;
            std::int32_t* index = Indices ? pointers_.out<std::int32_t>(1) + at : nullptr;
            const float* plane = pointers_.in<float>(0) + row / g.oh * g.h * g.w * B;
            if (const float* numbers = normals_.of_block(y_.channel_block(row)))
              pool_row<B, K, Values, Indices>(g, rows, columns, NormaliseRelu<B>{plane, numbers}, row % g.oh, value,
                                              index);
            else
              pool_row<B, K, Values, Indices>(g, rows, columns, AsItIs{plane}, row % g.oh, value, index);
            if (const int lanes = y_.lanes(row); Indices && lanes < B)
              for (std::int64_t i = 0; i < g.ow; ++i) std::fill(index + i * B + lanes, index + (i + 1) * B, 0);
          }
        },
        y_.elements() * g.kernel.h * g.kernel.w);
  }

  PoolGeometry geometry_;
  Rows y_;
  Normals normals_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return with_block(spec.outputs[0].block,
                    [&]<int B>() -> std::unique_ptr<Kernel> { return std::make_unique<MaxPool<B>>(spec); });
}

}  // namespace

const CpuKernel kMaxPool2dKernel{.op = "max_pool2d", .layout = follow_first, .make = make};

}  // namespace inlay
