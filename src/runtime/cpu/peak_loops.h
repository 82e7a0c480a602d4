// Loops that do nothing but multiply and add, or copy: as fast as the machine can.
#pragma once

#include <cstdint>

namespace inlay::peak {

struct Loops {
  /// `rounds` rounds of independent chains in registers; returns the number of multiply-adds. `result` depends on all.
  std::int64_t (*multiply_add)(std::int64_t rounds, float* result);
  /// Past the caches: nothing is read to be overwritten. `count` is a multiple of 16, the addresses of 64 bytes.
  void (*copy)(const float* from, float* to, std::int64_t count);
};

/// For this processor.
const Loops& loops();

}  // namespace inlay::peak
