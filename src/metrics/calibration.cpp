#include "inlay/calibration.h"

#include <algorithm>
#include <cmath>

#include "base/threads.h"
#include "metrics/family.h"

namespace inlay {
namespace {

struct Decision {
  int label = 0;
  double confidence = 0;
};

Decision decide(const float* logits, std::int64_t channels, std::int64_t plane) {
  if (channels == 1) return {*logits > 0 ? 1 : 0, 1 / (1 + std::exp(-std::abs(static_cast<double>(*logits))))};
  int best = 0;
  for (int c = 1; c < channels; ++c)
    if (logits[c * plane] > logits[best * plane]) best = c;
  float sum = 0;
  for (std::int64_t c = 0; c < channels; ++c) sum += std::exp(logits[c * plane] - logits[best * plane]);
  return {best, 1.0 / static_cast<double>(sum)};
}

void add_row(Calibration& to, const float* logits, const std::uint8_t* truth, std::int64_t channels, std::int64_t plane,
             std::int64_t width) {
  for (std::int64_t x = 0; x < width; ++x) {
    if (truth[x] == kIgnore) continue;
    const Decision decision = decide(logits + x, channels, plane);
    const auto place = static_cast<std::int64_t>(std::ceil(decision.confidence * Calibration::kBins)) - 1;
    Calibration::Bin& bin =
        to.bins[static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, Calibration::kBins - 1))];
    ++bin.pixels;
    bin.confidence += decision.confidence;
    if (decision.label == truth[x]) ++bin.correct;
  }
}

void merge(Calibration& to, const Calibration& from) {
  for (std::size_t i = 0; i < Calibration::kBins; ++i) {
    to.bins[i].pixels += from.bins[i].pixels;
    to.bins[i].confidence += from.bins[i].confidence;
    to.bins[i].correct += from.bins[i].correct;
  }
}

/// The bins, three numbers each.
class CalibrationErrors final : public MetricFamily {
 public:
  std::vector<double> count(const ImageMaterial& image) const override {
    Calibration calibration;
    calibration.add(*image.logits, image.truth);
    std::vector<double> counts;
    for (const Calibration::Bin& bin : calibration.bins)
      counts.insert(counts.end(), {bin.pixels, bin.confidence, bin.correct});
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    Calibration calibration;
    for (std::size_t i = 0; i < Calibration::kBins; ++i)
      calibration.bins[i] = {sums[3 * i], sums[3 * i + 1], sums[3 * i + 2]};
    return {{calibration.expected_error(), {}}, {calibration.maximum_error(), {}}};
  }
};

}  // namespace

double Calibration::Bin::gap() const { return pixels == 0 ? 0 : std::abs(correct - confidence) / pixels; }

void Calibration::add(const Tensor& logits, const Mask& truth) {
  const std::int64_t channels = logits.shape()[0], height = truth.height(), width = truth.width();
  const float* values = logits.data<float>().data();
  const std::uint8_t* labels = truth.labels.data<std::uint8_t>().data();
  std::vector<Calibration> rows(static_cast<std::size_t>(height));
  parallel_ranges(
      height,
      [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t y = begin; y < end; ++y)
          add_row(rows[static_cast<std::size_t>(y)], values + y * width, labels + y * width, channels, height * width,
                  width);
      },
      channels * height * width);
  for (const Calibration& row : rows) merge(*this, row);
}

double Calibration::expected_error() const {
  double gaps = 0, pixels = 0;
  for (const Bin& bin : bins) {
    gaps += bin.pixels * bin.gap();
    pixels += bin.pixels;
  }
  return divide(gaps, pixels);
}

double Calibration::maximum_error() const {
  double largest = kNoScore;
  for (const Bin& bin : bins)
    if (bin.pixels > 0) largest = std::fmax(largest, bin.gap());
  return largest;
}

const FamilyEntry kCalibrationMetrics{
    {{"ece", "mean gap between confidence and accuracy", "", false, true},
     {"mce", "largest gap between confidence and accuracy", "", false, true}},
    [](const ScorerOptions&) -> std::unique_ptr<MetricFamily> { return std::make_unique<CalibrationErrors>(); }};

}  // namespace inlay
