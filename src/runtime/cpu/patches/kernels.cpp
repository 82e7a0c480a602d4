#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "runtime/cpu/patches/kernels.cpp"
#include <hwy/foreach_target.h>
// foreach_target comes first: it includes this file once for every instruction set.
#include "runtime/cpu/patches/patches.h"
#include "runtime/cpu/simd/products-inl.h"
#include "runtime/cpu/simd/targets.h"

HWY_BEFORE_NAMESPACE();
namespace inlay::patches::HWY_NAMESPACE {

using namespace simd::HWY_NAMESPACE;

/// Packed weights of one product: [panel][input][vector of the panel][lane].
struct Panels {
  std::int64_t inputs, blocks;

  int width(std::int64_t panel) const {
    return static_cast<int>(std::min<std::int64_t>(kPanel, blocks - panel * kPanel));
  }
  std::ptrdiff_t at(std::int64_t panel) const { return panel * kPanel * kLanes * inputs; }
  std::ptrdiff_t at(std::int64_t input, std::int64_t output) const {
    const std::int64_t panel = output / kLanes / kPanel;
    return at(panel) + input * width(panel) * kLanes + output - panel * kPanel * kLanes;
  }
};

void pack(const PackCall& call) {
  const Sizes& s = call.sizes;
  const std::int64_t taps = s.taps(), x_channels = s.x_blocks * kLanes, y_channels = s.y_blocks * kLanes;
  const Panels forward{taps * x_channels, s.y_blocks}, backward{y_channels, s.x_blocks};
  std::fill_n(call.packed, taps * x_channels * y_channels, 0.0f);
  for (std::int64_t m = 0; m < call.m; ++m)
    for (std::int64_t c = 0; c < call.c; ++c)
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        const std::ptrdiff_t to =
            call.to_y ? forward.at(tap * x_channels + c, m) : tap * x_channels * y_channels + backward.at(m, c);
        call.packed[to] = call.weights[(m * call.c + c) * taps + tap];
      }
}

/// Where the result of a row of pixels goes.
struct Target {
  float* data;
  std::ptrdiff_t pixel, block;
  const float* bias;
  bool relu, stream;
};

template <int R, int N>
HWY_INLINE void write_product(Rows a, std::int64_t blocks, const float* packed, const Target& to, std::int64_t first) {
  product<R, N>(a.from(first), blocks, packed, [&](int r, int v, Vector sum) HWY_ATTR {
    const Tag tag;
    if (to.bias) sum = hn::Add(sum, hn::LoadU(tag, to.bias + v * kLanes));
    if (to.relu) sum = hn::Max(sum, hn::Zero(tag));
    float* pixel = to.data + (first + r) * to.pixel + v * to.block;
    to.stream ? hn::Stream(sum, tag, pixel) : hn::Store(sum, tag, pixel);
  });
}

/// A row of `count` pixels times a panel. The last step goes over pixels of the one before again where R does not
/// divide the count.
inline void write_row(Rows a, std::int64_t count, std::int64_t blocks, const float* packed, int width,
                      const Target& to) {
  with_vectors(width, [&]<int N>() HWY_ATTR {
    constexpr int R = kEvenRows<N>;
    if (count < R) {
      for (std::int64_t i = 0; i < count; ++i) write_product<1, N>(a, blocks, packed, to, i);
      return;
    }
    for (std::int64_t i = 0; i < count; i += R) write_product<R, N>(a, blocks, packed, to, std::min(i, count - R));
  });
}

void forward(const Call& call, std::int64_t begin, std::int64_t end) {
  const Sizes& s = call.sizes;
  const std::int64_t blocks = s.taps() * s.x_blocks;
  const Panels panels{blocks * kLanes, s.y_blocks};
  const std::ptrdiff_t y_plane = s.y_plane(kLanes), x_plane = s.x_plane(kLanes);
  for (std::int64_t row = begin; row < end; ++row) {
    const std::int64_t image = row / s.oh, y = row % s.oh;
    const Rows pixels{call.x + image * s.x_blocks * x_plane + y * s.k * s.k * s.ow * kLanes, s.k * kLanes, call.inputs};
    float* out = call.y + image * s.y_blocks * y_plane + y * s.ow * kLanes;
    for (std::int64_t panel = 0; panel * kPanel < s.y_blocks; ++panel) {
      const float* bias = call.bias ? call.bias + panel * kPanel * kLanes : nullptr;
      write_row(pixels, s.ow, blocks, call.packed + panels.at(panel), panels.width(panel),
                {out + panel * kPanel * y_plane, kLanes, y_plane, bias, call.relu, call.stream});
    }
  }
  if (call.stream) hwy::FlushStream();
}

void backward(const Call& call, std::int64_t begin, std::int64_t end) {
  const Sizes& s = call.sizes;
  const Panels panels{s.y_blocks * kLanes, s.x_blocks};
  const std::ptrdiff_t y_plane = s.y_plane(kLanes), x_plane = s.x_plane(kLanes);
  const std::ptrdiff_t tap_size = s.x_blocks * s.y_blocks * kLanes * kLanes;
  for (std::int64_t row = begin; row < end; ++row) {
    const std::int64_t image = row / s.oh, y = row % s.oh;
    const Rows pixels{call.y + image * s.y_blocks * y_plane + y * s.ow * kLanes, kLanes, call.inputs};
    float* out = call.x + image * s.x_blocks * x_plane + y * s.k * s.k * s.ow * kLanes;
    for (std::int64_t panel = 0; panel * kPanel < s.x_blocks; ++panel)
      for (std::int64_t tap = 0; tap < s.taps(); ++tap) {
        const float* bias = call.bias ? call.bias + panel * kPanel * kLanes : nullptr;
        float* corner = out + (tap / s.k * s.k * s.ow + tap % s.k) * kLanes;
        write_row(pixels, s.ow, s.y_blocks, call.packed + tap * tap_size + panels.at(panel), panels.width(panel),
                  {corner + panel * kPanel * x_plane, s.k * kLanes, x_plane, bias, call.relu, call.stream});
      }
  }
  if (call.stream) hwy::FlushStream();
}

/// One row's part of the sums of a unit: a tap and a block of x.
inline void add_row(const GradientCall& call, std::int64_t row, std::int64_t unit, bool add) {
  const Sizes& s = call.sizes;
  const std::ptrdiff_t y_plane = s.y_plane(kLanes), x_plane = s.x_plane(kLanes), columns = s.y_blocks * kLanes;
  const std::int64_t image = row / s.oh, line = row % s.oh, tap = unit / s.x_blocks, block = unit % s.x_blocks;
  const std::int64_t corner = (line * s.k + tap / s.k) * s.k * s.ow + tap % s.k;
  outer_products(call.x + (image * s.x_blocks + block) * x_plane + corner * kLanes, s.k * kLanes,
                 call.y + image * s.y_blocks * y_plane + line * s.ow * kLanes, y_plane, s.y_blocks, s.ow,
                 call.sums + unit * kLanes * columns, columns, add);
}

void gradient(const GradientCall& call, std::int64_t begin, std::int64_t end, std::int64_t first, std::int64_t last) {
  // Rows in groups that the second-level cache holds, so that neither they nor the sums are read from afar each time.
  constexpr std::int64_t kPixels = 256;
  const std::int64_t group = std::max<std::int64_t>(1, kPixels / call.sizes.ow);
  for (std::int64_t start = begin; start < end; start += group)
    for (std::int64_t unit = first; unit < last; ++unit)
      for (std::int64_t row = start; row < std::min(end, start + group); ++row) add_row(call, row, unit, row > begin);
}

constexpr Kernels kKernels{kLanes, pack, forward, backward, gradient};

}  // namespace inlay::patches::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace inlay::patches {

const Kernels* kernels(int block) {
#if HWY_TARGETS & HWY_AVX3
  if (block == 16 && simd::has(HWY_AVX3)) return &N_AVX3::kKernels;
#endif
#if HWY_TARGETS & HWY_AVX2
  if (block == 8 && simd::has(HWY_AVX2)) return &N_AVX2::kKernels;
#endif
  return nullptr;
}

}  // namespace inlay::patches

#endif
