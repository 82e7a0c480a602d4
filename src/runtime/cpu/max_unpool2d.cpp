#include <algorithm>

#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/rows.h"
#include "runtime/cpu/stream.h"

namespace inlay {
namespace {

constexpr std::size_t kOther = 3;  // the input that is added

/// Part of a plane that one task takes: positions, or lines.
struct Band {
  std::int64_t begin, end;
};

/// The values of a small plane that belong into the band. Zeros, or the numbers that they are added to, are written
/// just ahead of the values, while the lines are in cache.
template <int B>
void unpool_band(const Rows& small, std::int64_t width, const Band& band, const float* x, const std::int32_t* indices,
                 const float* other, float* y) {
  const std::int64_t size = small.row_size();
  std::int64_t started = band.begin;
  const auto start_to = [&](std::int64_t end) {
    if (end > started && !other) std::fill(y + started * B, y + end * B, 0.0f);
    if (end > started && other && other != y) std::copy(other + started * B, other + end * B, y + started * B);
    started = std::max(started, end);
  };
  for (std::int64_t row = 0; row < small.height; ++row) {
    const float* from = x + row * size;
    const std::int32_t* at = indices + row * size;
    std::int32_t low = INT32_MAX, high = 0;
#pragma omp simd reduction(min : low) reduction(max : high)
    for (std::int64_t i = 0; i < size; ++i) {
      low = std::min(low, at[i]);
      high = std::max(high, at[i]);
    }
    if (low >= band.end || high < band.begin) continue;
    start_to(std::min(band.end, (high / width + 1) * width));
    const bool inside = low >= band.begin && high < band.end;
    for (std::int64_t i = 0; i < size; i += B)
      for (int l = 0; l < B; ++l)
        if (inside || (at[i + l] >= band.begin && at[i + l] < band.end))
          y[static_cast<std::int64_t>(at[i + l]) * B + l] += from[i + l];
  }
  start_to(band.end);
}

/// True when every value of a small plane belongs into its own window of 2x2, one beside the other: what a max_pool2d
/// with default options leaves. The zeros beyond the last channel belong anywhere.
template <int B>
bool in_pairs(const Rows& small, const float* x, const std::int32_t* indices) {
  const auto width = static_cast<std::int32_t>(2 * small.width);
  std::int32_t strays = 0;
  for (std::int64_t i = 0; i < small.height * small.width; ++i) {
    const auto first = static_cast<std::int32_t>(i / small.width * 2 * width + i % small.width * 2);
#pragma omp simd reduction(| : strays)
    for (int l = 0; l < B; ++l) {
      const std::int32_t offset = indices[i * B + l] - first;
      const bool stray = (offset & ~1) != 0 && ((offset - width) & ~1) != 0;
      strays |= static_cast<std::int32_t>(stray && x[i * B + l] != 0);
    }
  }
  return strays == 0;
}

/// Some lines of such a plane, written from front to back.
template <int B>
void unpool_pairs(const Rows& small, const Band& lines, const float* x, const std::int32_t* indices, const float* other,
                  float* y, bool streamed) {
  const auto width = static_cast<std::int32_t>(2 * small.width);
  for (std::int64_t i = lines.begin * small.width; i < lines.end * small.width; ++i) {
    const auto first = static_cast<std::int32_t>(i / small.width * 2 * width + i % small.width * 2);
    const auto write = [&](std::int32_t place) {
      alignas(64) float values[B];
#pragma omp simd
      for (int l = 0; l < B; ++l) values[l] = indices[i * B + l] == place ? x[i * B + l] : 0.0f;
      const std::int64_t at = static_cast<std::int64_t>(place) * B;
      if (other)
        for (int l = 0; l < B; ++l) values[l] += other[at + l];
      float* to = y + at;
      if constexpr (B > 1)
        if (streamed) return stream(to, values, B);
      std::copy_n(values, B, to);
    };
    write(first);
    write(first + 1);
    write(first + width);
    write(first + width + 1);
  }
}

/// Each plane is cut into bands of lines of the small one where that is half as large, else of the large one.
std::unique_ptr<Kernel> make_unpool(const KernelSpec& spec) {
  const Rows small(spec.inputs[0]), large(spec.outputs[0]);
  const std::int64_t planes = small.images * small.blocks, plane = large.height * large.row_size();
  const bool halved = large.height == 2 * small.height && large.width == 2 * small.width;
  const std::int64_t lines = halved ? small.height : large.height, line = (halved ? 2 : 1) * large.width;
  const std::int64_t bands = std::clamp<std::int64_t>(2 * thread_count() / std::max<std::int64_t>(planes, 1), 1, lines);
  const bool streamed = large.block > 1 && worth_streaming(spec.outputs[0].bytes());
  return with_block(large.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([=](const Pointers& p, std::uint64_t) {
      parallel_ranges(
          planes * bands,
          [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
              const std::int64_t at = i / bands, part = i % bands, offset = at * small.height * small.row_size();
              const Band band{lines * part / bands, lines * (part + 1) / bands};
              const float* x = p.in<float>(0) + offset;
              const std::int32_t* indices = p.in<std::int32_t>(1) + offset;
              const float* other = p.inputs.size() > kOther ? p.in<float>(kOther) + at * plane : nullptr;
              float* y = p.out<float>(0) + at * plane;
              if (halved && in_pairs<B>(small, x, indices))
                unpool_pairs<B>(small, band, x, indices, other, y, streamed);
              else
                unpool_band<B>(small, large.width, {band.begin * line, band.end * line}, x, indices, other, y);
            }
            if (streamed) end_streaming();
          },
          planes * plane);
    });
  });
}

std::unique_ptr<Kernel> make_gather(const KernelSpec& spec) {
  const Rows large(spec.inputs[0]), small(spec.outputs[0]);
  return with_block(small.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([=](const Pointers& p, std::uint64_t) {
      parallel_ranges(
          small.count(),
          [&](std::int64_t begin, std::int64_t end) {
            const std::int64_t size = small.row_size();
            for (std::int64_t row = begin; row < end; ++row) {
              const float* plane = p.in<float>(0) + row / small.height * large.height * large.row_size();
              const std::int32_t* at = p.in<std::int32_t>(1) + row * size;
              float* y = p.out<float>(0) + row * size;
              for (std::int64_t i = 0; i < size; i += B)
                for (int l = 0; l < B; ++l) y[i + l] = plane[static_cast<std::int64_t>(at[i + l]) * B + l];
            }
          },
          small.elements());
    });
  });
}

}  // namespace

const CpuKernel kMaxUnpool2dKernel{
    .op = "max_unpool2d", .layout = follow_first_but<2>, .make = make_unpool, .in_place = 1 << kOther};
const CpuKernel kGather2dKernel{.op = "gather2d", .layout = follow_first, .make = make_gather};

}  // namespace inlay
