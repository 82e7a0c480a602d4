// Stores that go past the caches, for results far larger than those: no line is fetched only to be written over.
#pragma once

#include <cstddef>
#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#endif

namespace inlay {

/// Whether a result of that many bytes is best kept out of the caches: below that, what reads it next finds some of it
/// there.
inline bool worth_streaming(std::size_t bytes) { return bytes >= std::size_t{16} << 20; }

/// `to` is aligned to 32 bytes and `count` is a multiple of 8: whole blocks of a blocked picture.
inline void stream(float* to, const float* from, std::size_t count) {
#if defined(__AVX__)
  for (std::size_t i = 0; i < count; i += 8) _mm256_stream_ps(to + i, _mm256_loadu_ps(from + i));
#else
  std::memcpy(to, from, count * sizeof(float));
#endif
}

/// To be called by the thread that streamed, before others read.
inline void end_streaming() {
#if defined(__AVX__)
  _mm_sfence();
#endif
}

}  // namespace inlay
