#include <cmath>

#include "base/rng.h"
#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

/// uniform_at(key, index) < probability, in whole numbers: its 24 bits against the limit.
struct Draw {
  std::uint64_t key;
  std::uint64_t limit;
  float scale;
  float operator()(std::int64_t index) const {
    const std::uint64_t bits = mix_bits(key + static_cast<std::uint64_t>(index) * 0xd1342543de82ef95u) >> 40;
    return scale * static_cast<float>(static_cast<std::int32_t>(bits >= limit));  // no branch: nothing could predict it
  }
};

/// Indices count in row-major order over (N, C, H, W), whatever the layout.
template <int B>
void drop_elements(const Rows& rows, const float* x, float* y, const Draw& draw) {
  const std::int64_t plane = rows.height * rows.width;
  parallel_ranges(
      rows.count(),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const std::int64_t image = row / (rows.blocks * rows.height), line = row % rows.height;
          const std::int64_t first = (image * rows.channels + rows.channel_block(row) * B) * plane + line * rows.width;
          const float* xs = x + row * rows.row_size();
          float* ys = y + row * rows.row_size();
          for (std::int64_t i = 0; i < rows.width; ++i)
            for (int l = 0; l < B; ++l) ys[i * B + l] = xs[i * B + l] * draw(first + i + l * plane);
        }
      },
      rows.elements());
}

template <int B>
void drop_channels(const Rows& rows, const float* x, float* y, const Draw& draw) {
  parallel_ranges(
      rows.count(),
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const std::int64_t first = row / (rows.blocks * rows.height) * rows.channels + rows.channel_block(row) * B;
          float factors[B];
          for (int l = 0; l < B; ++l) factors[l] = draw(first + l);
          const float* xs = x + row * rows.row_size();
          float* ys = y + row * rows.row_size();
          for (std::int64_t i = 0; i < rows.width; ++i)
            for (int l = 0; l < B; ++l) ys[i * B + l] = xs[i * B + l] * factors[l];
        }
      },
      rows.elements());
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const auto o = from_attributes<DropoutOptions>(spec.attributes);
  if (!o.training) return make_pointwise(spec, [](float x) { return x; });
  const Rows rows(spec.inputs[0]);
  const auto limit = static_cast<std::uint64_t>(std::ceil(o.probability * 0x1.0p24));
  const auto scale = static_cast<float>(1 / (1 - o.probability));
  return with_block(rows.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([=](const Pointers& p, std::uint64_t seed) {
      const Draw draw{mix_keys(seed, static_cast<std::uint64_t>(o.stream)), limit, scale};
      if (o.channels)
        drop_channels<B>(rows, p.in<float>(0), p.out<float>(0), draw);
      else
        drop_elements<B>(rows, p.in<float>(0), p.out<float>(0), draw);
    });
  });
}

}  // namespace

const CpuKernel kDropoutKernel{.op = "dropout", .layout = follow_first, .make = make, .in_place = 0b1};

}  // namespace inlay
