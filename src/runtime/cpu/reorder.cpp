#include "runtime/cpu/reorder.h"

#include <algorithm>
#include <cstring>

#include "base/threads.h"

namespace inlay {
namespace {

/// Elements are moved as 32-bit words, whatever they mean.
using Word = std::uint32_t;

struct Extents {
  std::int64_t n, c, h, w;
};

template <int B>
void to_blocked(const Word* from, Word* to, const Extents& e) {
  const std::int64_t blocks = (e.c + B - 1) / B, plane = e.h * e.w;
  parallel_ranges(
      e.n * blocks * e.h,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const std::int64_t y = row % e.h, block = row / e.h % blocks, n = row / e.h / blocks;
          Word* out = to + row * e.w * B;
          const std::int64_t lanes = std::min<std::int64_t>(B, e.c - block * B);
          if (lanes < B) std::fill_n(out, e.w * B, Word{0});
          for (std::int64_t i = 0; i < lanes; ++i) {
            const Word* in = from + (n * e.c + block * B + i) * plane + y * e.w;
            for (std::int64_t x = 0; x < e.w; ++x) out[x * B + i] = in[x];
          }
        }
      },
      e.n * blocks * B * plane);
}

template <int B>
void to_plain(const Word* from, Word* to, const Extents& e) {
  const std::int64_t blocks = (e.c + B - 1) / B, plane = e.h * e.w;
  parallel_ranges(
      e.n * blocks * e.h,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row) {
          const std::int64_t y = row % e.h, block = row / e.h % blocks, n = row / e.h / blocks;
          const Word* in = from + row * e.w * B;
          for (std::int64_t i = 0; i < B && block * B + i < e.c; ++i) {
            Word* out = to + (n * e.c + block * B + i) * plane + y * e.w;
            for (std::int64_t x = 0; x < e.w; ++x) out[x] = in[x * B + i];
          }
        }
      },
      e.n * e.c * plane);
}

}  // namespace

std::unique_ptr<Kernel> make_reorder(const Buffer& from, const Buffer& to) {
  if (from.block == to.block)
    return make_kernel(
        [bytes = from.bytes()](const Pointers& p, std::uint64_t) { std::memcpy(p.outputs[0], p.inputs[0], bytes); });
  const Shape& s = from.type.shape;
  const Extents extents{s[0], s[1], s[2], s[3]};
  return make_kernel([extents, from, to](const Pointers& p, std::uint64_t) {
    if (from.block == 1)
      with_block(to.block, [&]<int B>() { to_blocked<B>(p.in<Word>(0), p.out<Word>(0), extents); });
    else
      with_block(from.block, [&]<int B>() { to_plain<B>(p.in<Word>(0), p.out<Word>(0), extents); });
  });
}

}  // namespace inlay
