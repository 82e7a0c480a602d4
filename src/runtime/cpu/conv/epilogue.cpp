#include "runtime/cpu/conv/epilogue.h"

#include "runtime/cpu/strips.h"

namespace inlay {

Slopes::Slopes(const ConvProblem& problem) : channels_(problem.geometry.m) {
  if (problem.activation != Activation::leaky_relu && problem.activation != Activation::prelu) return;
  slopes_.assign(static_cast<std::size_t>(padded_channels(channels_, problem.y_block)), 0.0f);
  std::fill_n(slopes_.begin(), channels_, static_cast<float>(problem.slope));
}

void Slopes::update() {
  if (plain_) std::copy_n(plain_, channels_, slopes_.begin());
}

void apply_epilogue(const ConvProblem& problem, const float* from, const float* other, const float* slopes, float* y) {
  const Strips strips(problem.y());
  with_block(strips.block, [&]<int B>() {
    const auto for_each = [&](auto sum) {
      const auto write = [&](auto activation) {
        for_each_element<B>(strips, strips.all(), y,
                            [=](std::int64_t i, std::int64_t c) { return activation(sum(i), c); });
      };
      if (slopes)
        return write([slopes](float v, std::int64_t c) {
          const float scaled = slopes[c] * v;
          return v > 0 ? v : scaled;
        });
      if (problem.activation == Activation::relu) return write([](float v, std::int64_t) { return v > 0 ? v : 0.0f; });
      write([](float v, std::int64_t) { return v; });
    };
    if (other) return for_each([from, other](std::int64_t i) { return from[i] + other[i]; });
    for_each([from](std::int64_t i) { return from[i]; });
  });
}

}  // namespace inlay
