// Factors of convolutions forward and to the data: pixels and weights.
#include "runtime/cpu/bf16x3/intrinsics.h"

#if INLAY_HAS_AMX

INLAY_BEGIN_AMX

#include "runtime/cpu/bf16x3/split-inl.h"

namespace inlay::bf16x3 {
namespace {

void split_one(Pixels from, std::int64_t count, std::byte* to) {
  const Reader read(from.normal);
  for (std::int64_t i = 0; i < count; ++i) {
    const __m512 v = read(from.data + i * kBlock);
    const auto high = (__m256i)_mm512_cvtneps_pbh(v);
    const auto low = (__m256i)_mm512_cvtneps_pbh(_mm512_sub_ps(v, to_floats(high)));
    _mm512_store_si512(to + i * kLine, _mm512_inserti64x4(_mm512_castsi256_si512(high), low, 1));
  }
}

void split_two(Pixels first, Pixels second, std::int64_t count, std::byte* high, std::byte* low) {
  const Reader read_first(first.normal), read_second(second.normal);
  for (std::int64_t i = 0; i < count; ++i) {
    const Halves halves = split(read_first(first.data + i * kBlock), read_second(second.data + i * kBlock));
    _mm512_store_si512(high + i * kLine, halves.high);
    _mm512_store_si512(low + i * kLine, halves.low);
  }
}

}  // namespace

void split_pixels(Pixels first, Pixels second, std::int64_t count, std::byte* high, std::byte* low) {
  second.data ? split_two(first, second, count, high, low) : split_one(first, count, high);
}

void pack_weights(const WeightTile& tile, std::byte* high, std::byte* low) {
  // Offsets of the output channels from the first of them that there is.
  std::int64_t base = -1;
  __mmask16 mask = 0;
  alignas(64) std::int32_t offsets[kBlock];
  for (std::size_t lane = 0; lane < kBlock; ++lane) {
    const std::int64_t output = tile.outputs[lane];
    if (output < 0) continue;
    if (base < 0) base = output;
    mask = static_cast<__mmask16>(mask | 1U << lane);
    offsets[lane] = static_cast<std::int32_t>((output - base) * tile.output);
  }
  const __m512i index = _mm512_maskz_load_epi32(mask, offsets);
  const auto row = [&](std::int64_t input) {
    if (input < 0 || mask == 0) return _mm512_setzero_ps();
    const float* from = tile.weights + base * tile.output + input * tile.input;
    return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), mask, index, from, sizeof(float));
  };
  const std::size_t pairs = tile.inputs.size() / 2;
  for (std::size_t i = 0; i < pairs; ++i) {
    const Halves halves = split(row(tile.inputs[2 * i]), row(tile.inputs[2 * i + 1]));
    for (std::size_t to = i; to < kDepth / 2; to += pairs) {
      _mm512_store_si512(high + to * kLine, interleave(halves.high));
      _mm512_store_si512(low + to * kLine, interleave(halves.low));
    }
  }
}

}  // namespace inlay::bf16x3

INLAY_END_AMX

#endif
