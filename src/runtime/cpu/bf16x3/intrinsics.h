// Where AMX can be compiled, and the instructions that code between INLAY_BEGIN_AMX and INLAY_END_AMX may use.
#pragma once

#include <hwy/base.h>

#include "runtime/cpu/bf16x3/bf16x3.h"

#if defined(__x86_64__) && defined(__linux__)
#define INLAY_HAS_AMX 1
// GCC 12 warns of its own headers (its bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#define INLAY_BEGIN_AMX HWY_PUSH_ATTRIBUTES("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,amx-tile,amx-bf16")
#define INLAY_END_AMX HWY_POP_ATTRIBUTES
#else
#define INLAY_HAS_AMX 0
#endif

#if INLAY_HAS_AMX

namespace inlay::bf16x3 {

// The functions of Kernels.
void split_pixels(Pixels first, Pixels second, std::int64_t count, std::byte* high, std::byte* low);
void split_channels(const Frame& frame, std::ptrdiff_t row, std::byte* high, std::byte* low);
void split_pairs(const Frame& frame, std::ptrdiff_t low, std::ptrdiff_t later, std::byte* high);
void pack_weights(const WeightTile& tile, std::byte* high, std::byte* low);
void multiply(const ProductCall& call);

}  // namespace inlay::bf16x3

#endif
