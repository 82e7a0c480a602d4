#include "runtime/cpu/conv/sizes.h"

#include "runtime/cpu/channel_sums.h"

namespace inlay {

std::int64_t blocks_of(const Buffer& picture) {
  return padded_channels(picture.type.shape[1], picture.block) / picture.block;
}

std::size_t bias_sums_bytes(const ConvProblem& problem) {
  const Strips strips(problem.y());
  return problem.bias ? static_cast<std::size_t>(strip_sums_size(strips, strips.all())) * sizeof(double) : 0;
}

void sum_bias(const ConvProblem& problem, const float* dy, float* scratch, float* bias) {
  const Strips strips(problem.y());
  auto* sums = reinterpret_cast<double*>(scratch);
  with_block(strips.block, [&]<int B>() {
    strip_sums<B>(strips, strips.all(), sums, [dy](std::int64_t i, std::int64_t) { return TwoTerms{dy[i], 0}; });
  });
  for (std::int64_t c = 0; c < strips.channels; ++c)
    bias[c] = static_cast<float>(channel_sums(strips, strips.all(), sums, c).first);
}

}  // namespace inlay
