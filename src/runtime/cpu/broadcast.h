// The loop that add, mul and div share, for any block: rows along W, each operand walked with its own strides (0 where
// it is repeated).
#pragma once

#include <array>

#include "runtime/cpu/rows.h"

namespace inlay {

/// All pictures as the operand with the most elements lies.
LayoutChoice follow_largest(const LayoutQuery& query);

/// Extents and strides of a result y and its operands a and b, in floats: `outer` axes, then W, then the lanes of a
/// block.
struct BroadcastPlan {
  static constexpr std::size_t kOuter = Shape::kMaxRank;
  struct Operand {
    std::array<std::int64_t, kOuter> outer{};
    std::int64_t w = 0, lane = 0;
    bool whole = true;  // has the result's shape
  };

  static BroadcastPlan of(const KernelSpec& spec);
  std::int64_t offset(const Operand& operand, std::int64_t row) const;
  /// Channels of the row's block that exist.
  int lanes(std::int64_t row) const;

  std::array<std::int64_t, kOuter> extents{};
  std::int64_t rows = 1, width = 1, channels = 0;
  int block = 1;
  Operand a, b;
};

namespace detail {

template <int B, class F>
void broadcast_row(const float* a, const BroadcastPlan::Operand& pa, const float* b, const BroadcastPlan::Operand& pb,
                   float* y, std::int64_t width, F f) {
  if (pa.whole && pb.whole) {
    for (std::int64_t i = 0; i < width * B; ++i) y[i] = f(a[i], b[i]);
  } else if (B == 1 && pa.w == 1 && pb.w == 0) {
    for (std::int64_t i = 0; i < width; ++i) y[i] = f(a[i], *b);
  } else if (B > 1 && pa.lane == 1 && pb.lane == 1) {
    for (std::int64_t x = 0; x < width; ++x)
      for (int l = 0; l < B; ++l) y[x * B + l] = f(a[x * pa.w + l], b[x * pb.w + l]);
  } else {
    for (std::int64_t x = 0; x < width; ++x) {
      float result[B];  // y may lie over an operand of one channel, which fills a block too
      for (int l = 0; l < B; ++l) result[l] = f(a[x * pa.w + l * pa.lane], b[x * pb.w + l * pb.lane]);
      std::copy_n(result, B, y + x * B);
    }
  }
}

}  // namespace detail

/// y = f(a, b), zeros in the lanes beyond the last channel.
template <int B, class F>
void broadcast(const BroadcastPlan& plan, const float* a, const float* b, float* y, F f) {
  const std::int64_t row_size = plan.width * B;
  parallel_ranges(
      plan.rows,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          float* out = y + row * row_size;
          detail::broadcast_row<B>(a + plan.offset(plan.a, row), plan.a, b + plan.offset(plan.b, row), plan.b, out,
                                   plan.width, f);
          clear_padding<B>(out, plan.width, plan.lanes(row));
        }
      },
      plan.rows * row_size);
}

template <class F>
std::unique_ptr<Kernel> make_broadcast(const KernelSpec& spec, F f) {
  return with_block(spec.outputs[0].block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([plan = BroadcastPlan::of(spec), f](const Pointers& p, std::uint64_t) {
      broadcast<B>(plan, p.in<float>(0), p.in<float>(1), p.out<float>(0), f);
    });
  });
}

}  // namespace inlay
