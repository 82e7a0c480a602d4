#include <algorithm>

#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

/// Part of a large plane that one task fills, in positions.
struct Band {
  std::int64_t begin, end;
};

/// The values of a small plane that belong into the band. Zeros are written just ahead of the values, while the lines
/// are in cache.
template <int B>
void unpool_band(const Rows& small, std::int64_t width, const Band& band, const float* x, const std::int32_t* indices,
                 float* y) {
  const std::int64_t size = small.row_size();
  std::int64_t zeroed = band.begin;
  const auto zero_to = [&](std::int64_t end) {
    if (end > zeroed) std::fill(y + zeroed * B, y + end * B, 0.0f);
    zeroed = std::max(zeroed, end);
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
    zero_to(std::min(band.end, (high / width + 1) * width));
    const bool inside = low >= band.begin && high < band.end;
    for (std::int64_t i = 0; i < size; i += B)
      for (int l = 0; l < B; ++l)
        if (inside || (at[i + l] >= band.begin && at[i + l] < band.end))
          y[static_cast<std::int64_t>(at[i + l]) * B + l] += from[i + l];
  }
  zero_to(band.end);
}

std::unique_ptr<Kernel> make_unpool(const KernelSpec& spec) {
  const Rows small(spec.inputs[0]), large(spec.outputs[0]);
  const std::int64_t planes = small.images * small.blocks, plane = large.height * large.row_size();
  const std::int64_t bands =
      std::clamp<std::int64_t>(2 * thread_count() / std::max<std::int64_t>(planes, 1), 1, large.height);
  return with_block(large.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([=](const Pointers& p, std::uint64_t) {
      parallel_ranges(
          planes * bands,
          [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
              const std::int64_t at = i / bands, part = i % bands, offset = at * small.height * small.row_size();
              const Band band{large.height * part / bands * large.width,
                              large.height * (part + 1) / bands * large.width};
              unpool_band<B>(small, large.width, band, p.in<float>(0) + offset, p.in<std::int32_t>(1) + offset,
                             p.out<float>(0) + at * plane);
            }
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

const CpuKernel kMaxUnpool2dKernel{.op = "max_unpool2d", .layout = follow_first_but<2>, .make = make_unpool};
const CpuKernel kGather2dKernel{.op = "gather2d", .layout = follow_first, .make = make_gather};

}  // namespace inlay
