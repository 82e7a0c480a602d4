#include "runtime/cpu/conv/sizes.h"

#include "runtime/cpu/channel_sums.h"

namespace inlay {

std::int64_t blocks_of(const Buffer& picture) {
  return padded_channels(picture.type.shape[1], picture.block) / picture.block;
}

bool is_streamed(std::size_t bytes) {
  constexpr std::size_t kCached = 24 << 20;
  return bytes > kCached;
}

std::size_t bias_sums_bytes(const ConvProblem& problem) {
  return problem.bias ? static_cast<std::size_t>(row_sums_size(Rows(problem.y()))) * sizeof(double) : 0;
}

void sum_bias(const ConvProblem& problem, const float* dy, float* scratch, float* bias) {
  const Rows rows(problem.y());
  auto* sums = reinterpret_cast<double*>(scratch);
  with_block(rows.block, [&]<int B>() {
    row_sums<B>(rows, sums, [dy](std::int64_t i, std::int64_t) { return TwoTerms{dy[i], 0}; });
  });
  for (std::int64_t c = 0; c < rows.channels; ++c) bias[c] = static_cast<float>(channel_sums(rows, sums, c).first);
}

}  // namespace inlay
