// What this machine can do at most: the roof that a program's steps are measured against.
#pragma once

#include <cstdint>

namespace inlay {

struct Peak {
  double multiply_adds_per_s = 0;  // fp32, in registers
  double bytes_per_s = 0;          // read and written by copies from memory to memory
};

/// Measured now, with as many threads as a parallel region started here would use. Takes a fifth of a second, and 128
/// MB for as long.
Peak measure_peak();

/// Seconds that this much work takes at the peaks, whichever of the two takes longer (the roofline of Williams,
/// Waterman and Patterson 2009). Winograd, which multiplies less than is counted, and data that are still in a cache
/// can be faster.
double least_seconds(const Peak& peak, std::int64_t multiply_adds, std::int64_t bytes);

}  // namespace inlay
