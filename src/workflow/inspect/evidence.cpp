#include "workflow/inspect/evidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "infer/logits.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

/// (1, H, W) to (2, H, W), plane 0 by the function.
template <class First>
Tensor with_first(const Tensor& second, First&& first) {
  const Shape& shape = second.shape();
  Tensor both(DType::f32, {2, shape[1], shape[2]});
  const auto from = second.data<float>();
  std::ranges::transform(from, both.data<float>().begin(), first);
  std::ranges::copy(from, both.data<float>().begin() + std::ssize(from));
  return both;
}

void measure_doubt(Evidence& evidence) {
  const Shape& shape = evidence.probabilities.shape();
  const std::int64_t classes = shape[0];
  const auto pixels = static_cast<std::size_t>(shape[1] * shape[2]);
  evidence.entropy = Tensor(DType::f32, {shape[1], shape[2]});
  evidence.margin = Tensor(DType::f32, {shape[1], shape[2]});
  const auto entropy = evidence.entropy.data<float>(), margin = evidence.margin.data<float>();
  const auto all = evidence.probabilities.data<float>();
  for (std::size_t i = 0; i < pixels; ++i) {
    double sum = 0, best = 0, next = 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const double p = all[static_cast<std::size_t>(c) * pixels + i];
      if (p > 0) sum -= p * std::log(p);
      next = std::max(next, std::min(p, best));
      best = std::max(best, p);
    }
    entropy[i] = static_cast<float>(sum / std::log(static_cast<double>(classes)));
    margin[i] = static_cast<float>(best - next);
  }
}

}  // namespace

Evidence evidence_of(const Tensor& logits) {
  const Shape& shape = logits.shape();
  Evidence evidence;
  evidence.labels = most_likely(logits);
  evidence.logits = logits;
  evidence.probabilities =
      copy_probabilities({logits.data<float>().data(), shape[0], shape[1], shape[2], shape[1], shape[2]});
  if (shape[0] == 1) {
    evidence.logits = with_first(logits, [](float z) { return -z; });
    evidence.probabilities = with_first(evidence.probabilities, [](float p) { return 1 - p; });
  }
  measure_doubt(evidence);
  return evidence;
}

std::span<const float> plane(const Tensor& planes, std::int64_t index) {
  const auto size = static_cast<std::size_t>(planes.shape()[1] * planes.shape()[2]);
  return planes.data<float>().subspan(static_cast<std::size_t>(index) * size, size);
}

double mean(std::span<const float> numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

}  // namespace inlay
