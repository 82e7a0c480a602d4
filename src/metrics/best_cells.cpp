// V_rand and V_info at the threshold of the border's probability that is best: the scores of ISBI 2012.
#include <cmath>

#include "base/threads.h"
#include "metrics/cell_agreement.h"
#include "metrics/family.h"

namespace inlay {
namespace {

constexpr std::size_t kThresholds = 11;

double threshold(std::size_t index) { return static_cast<double>(index) / (kThresholds - 1); }

/// Of one pixel of logits (K, H, W), or one channel for two classes.
double border_probability(const float* logits, std::int64_t channels, std::int64_t plane, std::uint8_t border) {
  const auto at = [&](std::int64_t c) { return static_cast<double>(logits[c * plane]); };
  if (channels == 1) return 1 / (1 + std::exp(border == 0 ? at(0) : -at(0)));
  double sum = 0;
  for (std::int64_t c = 0; c < channels; ++c) sum += std::exp(at(c) - at(border));
  return 1 / sum;
}

std::vector<double> border_probabilities(const Tensor& logits, std::uint8_t border) {
  const std::int64_t plane = logits.shape()[1] * logits.shape()[2];
  std::vector<double> result(static_cast<std::size_t>(plane));
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = border_probability(logits.data<float>().data() + i, logits.shape()[0], plane, border);
  return result;
}

/// For each threshold the sums of both scores; then the number of images with a cell.
class BestCells final : public MetricFamily {
 public:
  explicit BestCells(const ScorerOptions& options) : border_(background_class(options.classes).value_or(0)) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    std::vector<double> counts(2 * kThresholds + 1);
    const TrueCells truth(image.truth, border_);
    if (truth.none()) return counts;
    const std::vector<double> border = border_probabilities(*image.logits, border_);
    parallel_ranges(kThresholds, [&](std::int64_t begin, std::int64_t end) {
      for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
        const CellScores scores = truth.agreement(cells_below(border, threshold(i), image.truth));
        counts[2 * i] = scores.rand;
        counts[2 * i + 1] = scores.info;
      }
    });
    counts.back() = 1;
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override { return {best(sums, 0), best(sums, 1)}; }

 private:
  static Mask cells_below(const std::vector<double>& border, double threshold, const Mask& like) {
    Mask cells{Tensor(DType::u8, like.labels.shape())};
    const std::span<std::uint8_t> labels = cells.labels.data<std::uint8_t>();
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = border[i] < threshold ? 1 : 0;
    return cells;
  }

  /// Of equal ones the threshold that is nearest to 1/2.
  static FamilyScore best(std::span<const double> sums, std::size_t which) {
    FamilyScore result;
    for (std::size_t i = 0; i < kThresholds; ++i) {
      const double value = divide(sums[2 * i + which], sums.back());
      const auto from_half = [](double at) { return std::abs(at - 0.5); };
      const bool better = result.threshold
                              ? value > result.value ||
                                    (value == result.value && from_half(threshold(i)) < from_half(*result.threshold))
                              : !std::isnan(value);
      if (better) result = {value, {}, threshold(i)};
    }
    return result;
  }

  std::uint8_t border_;
};

}  // namespace

const FamilyEntry kBestCellsMetrics{
    {{"v_rand_max", "v_rand at the border's best threshold (ISBI 2012)", "", true, true},
     {"v_info_max", "v_info at the border's best threshold (ISBI 2012)", "", true, true}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> { return std::make_unique<BestCells>(options); }};

}  // namespace inlay
