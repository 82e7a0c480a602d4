// What adaptive average pooling takes the mean of, along one axis.
#pragma once

#include <cstdint>

namespace inlay {

/// Input positions begin <= i < end.
struct AdaptiveBin {
  std::int64_t begin, end;
};

/// Bin `at` of `bins` over `extent` positions: from floor(at * extent / bins) to ceil((at + 1) * extent / bins), so
/// neighbours share a position where the division leaves a rest.
inline AdaptiveBin adaptive_bin(std::int64_t at, std::int64_t extent, std::int64_t bins) {
  return {at * extent / bins, ((at + 1) * extent + bins - 1) / bins};
}

}  // namespace inlay
