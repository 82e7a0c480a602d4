#include <algorithm>
#include <cstring>

#include "runtime/cpu/axes.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

constexpr std::int64_t kStretch = 4096;  // elements that one step writes at most

/// The loops over y with the strides of x: 0 where x is repeated. Neighbouring loops that walk alike are one.
std::vector<LoopAxis> loops_of(const Buffer& x, const Buffer& y) {
  const auto to = memory_extents(y.type.shape, y.block);
  auto from = memory_extents(x.type.shape, x.block);
  if (y.block > 1 && x.block == 1) from.push_back(1);
  std::vector<LoopAxis> loops;
  std::int64_t stride = 1;
  for (std::size_t i = to.size(); i-- > 0;) {
    const LoopAxis loop{to[i], from[i] == 1 ? 0 : stride};
    stride *= from[i];
    if (loop.size == 1) continue;
    if (!loops.empty() && loop.stride == loops.front().size * loops.front().stride)
      loops.front().size *= loop.size;
    else
      loops.insert(loops.begin(), loop);
  }
  if (loops.empty()) loops.push_back({1, 0});
  return loops;
}

void repeat(const float* x, std::int64_t stride, float* y, std::int64_t count) {
  if (stride == 0) {
    std::fill(y, y + count, *x);
  } else if (stride == 1) {
    std::copy(x, x + count, y);
  } else {
    for (std::int64_t i = 0; i < count; ++i) y[i] = x[i * stride];
  }
}

std::unique_ptr<Kernel> make_broadcast_like(const KernelSpec& spec) {
  std::vector<LoopAxis> loops = loops_of(spec.inputs[0], spec.outputs[0]);
  const LoopAxis inner = loops.back();
  loops.pop_back();
  const std::int64_t rows = loop_count(loops), pieces = (inner.size + kStretch - 1) / kStretch;
  const Rows lines(spec.outputs[0]);
  const bool padded = lines.channels % lines.block != 0 && spec.inputs[0].block == 1;
  return with_block(lines.block, [&]<int B>() -> std::unique_ptr<Kernel> {
    return make_kernel([=](const Pointers& p, std::uint64_t) {
      const float* x = p.in<float>(0);
      float* y = p.out<float>(0);
      parallel_ranges(
          rows * pieces,
          [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) {
              const std::int64_t at = i % pieces * kStretch, count = std::min(inner.size - at, kStretch);
              repeat(x + loop_offset(loops, i / pieces) + at * inner.stride, inner.stride,
                     y + i / pieces * inner.size + at, count);
            }
          },
          rows * inner.size);
      if (!padded) return;
      for (std::int64_t row = 0; row < lines.count(); ++row)
        clear_padding<B>(y + row * lines.row_size(), lines.width, lines.lanes(row));
    });
  });
}

/// A single channel that is repeated lies plain, and the result as `like` does.
LayoutChoice layout(const LayoutQuery& query) {
  LayoutChoice choice = plain_layout(query);
  const Buffer &x = query.inputs[0], &like = query.inputs[1];
  choice.inputs[1] = like.block;
  if (!is_picture(x.type)) return choice;
  if (x.type.shape[1] == query.outputs[0].shape[1])
    choice.inputs[0] = choice.outputs[0] = x.block;
  else
    choice.outputs[0] = like.block;
  return choice;
}

}  // namespace

const CpuKernel kBroadcastLikeKernel{.op = "broadcast_like", .layout = layout, .make = make_broadcast_like};

}  // namespace inlay
