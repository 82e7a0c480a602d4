// Which instruction sets may be used.
#pragma once

#include <cstdint>

namespace inlay::simd {

/// Whether this processor has one of Highway's targets, and the environment's INLAY_ISA does not forbid it.
bool has(std::int64_t target);

/// INLAY_ISA: "avx2" leaves AVX-512 unused, here and in oneDNN, "avx512" the matrix units (AMX); unset or "amx":
/// everything there is. Throw InputError for anything else.
bool avx512_allowed();
bool amx_allowed();

}  // namespace inlay::simd
