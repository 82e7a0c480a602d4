#include "infer/in_step.h"

#include <algorithm>

namespace inlay {

bool advance_in_step(std::span<const std::unique_ptr<PictureRun>> runs, std::int64_t height, std::int64_t width,
                     const RowsSink& sink) {
  constexpr std::int64_t kPixels = 1 << 22;  // handed out at once
  const std::int64_t most = std::max<std::int64_t>(kPixels / width, 1);
  for (std::int64_t y = 0; y < height;) {
    std::int64_t count = most;
    for (const auto& one : runs) {
      if (one->end() <= y && !one->advance()) return false;
      count = std::min(count, one->end() - y);
    }
    sink(y, count);
    y += count;
  }
  return true;
}

Tensor mean_probabilities(std::span<const std::unique_ptr<PictureRun>> runs, std::int64_t y, std::int64_t count) {
  Tensor sum;
  std::size_t passes = 0;
  for (const auto& one : runs)
    for (std::size_t pass = 0; pass < one->passes(); ++pass, ++passes) {
      Tensor next = one->probabilities(pass, y, count);
      if (passes == 0)
        sum = std::move(next);
      else
        std::ranges::transform(sum.data<float>(), next.data<float>(), sum.data<float>().begin(), std::plus<>());
    }
  if (passes > 1)
    for (float& value : sum.data<float>()) value /= static_cast<float>(passes);
  return sum;
}

SampledProbabilities sampled_probabilities(const PictureRun& run, std::int64_t y, std::int64_t count) {
  SampleSum sum;
  for (std::size_t pass = 0; pass < run.passes(); ++pass) sum.add(run.probabilities(pass, y, count));
  return sum.result();
}

}  // namespace inlay
