#include "metrics/cross_entropy.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/threads.h"
#include "metrics/family.h"

namespace inlay {
namespace {

// log(1 + exp(x)) without overflow.
double softplus(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

double pixel_loss(const float* logits, std::int64_t channels, std::int64_t plane, std::uint8_t truth) {
  if (channels == 1) return softplus(truth == 1 ? -logits[0] : logits[0]);
  float largest = logits[0];
  for (std::int64_t c = 1; c < channels; ++c) largest = std::max(largest, logits[c * plane]);
  float sum = 0;
  for (std::int64_t c = 0; c < channels; ++c) sum += std::exp(logits[c * plane] - largest);
  return std::log(sum) + largest - logits[truth * plane];
}

class CrossEntropy final : public MetricFamily {
 public:
  std::vector<double> count(const ImageMaterial& image) const override {
    return {image.loss.sum, static_cast<double>(image.loss.pixels)};
  }
  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    return {{divide(sums[0], sums[1]), {}}};
  }
};

}  // namespace

const FamilyEntry kCrossEntropyMetrics{
    {{"cross_entropy", "mean over pixels of -log p(truth)", "", false, true}},
    [](const ScorerOptions&) -> std::unique_ptr<MetricFamily> { return std::make_unique<CrossEntropy>(); }};

NegativeLogLikelihood negative_log_likelihood(const Tensor& logits, const Mask& truth) {
  const std::int64_t channels = logits.shape()[0], height = logits.shape()[1], width = logits.shape()[2];
  const float* values = logits.data<float>().data();
  const std::uint8_t* labels = truth.labels.data<std::uint8_t>().data();
  std::vector<NegativeLogLikelihood> rows(static_cast<std::size_t>(height));
  parallel_ranges(
      height,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t y = begin; y < end; ++y) {
          NegativeLogLikelihood& row = rows[static_cast<std::size_t>(y)];
          for (std::int64_t i = y * width; i < (y + 1) * width; ++i) {
            if (labels[i] == kIgnore) continue;
            row.sum += pixel_loss(values + i, channels, height * width, labels[i]);
            ++row.pixels;
          }
        }
      },
      channels * height * width);
  return std::accumulate(rows.begin(), rows.end(), NegativeLogLikelihood{});
}

}  // namespace inlay
