#include "inlay/scorer.h"

#include <algorithm>

#include "base/fail.h"
#include "metrics/metric_names.h"

namespace inlay {
namespace {

/// The prediction with kIgnore where the truth has it.
Mask what_counts(const Mask& prediction, const Mask& truth) {
  Mask counted{prediction.labels.clone()};
  const std::span<std::uint8_t> labels = counted.labels.data<std::uint8_t>();
  const std::span<const std::uint8_t> want = truth.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (want[i] == kIgnore) labels[i] = kIgnore;
  return counted;
}

bool asks_for(const ScorerOptions& options, const FamilyEntry& family) {
  return std::ranges::any_of(family.metrics, [&](const MetricInfo& info) {
    return std::ranges::find(options.metrics, info.name) != options.metrics.end();
  });
}

std::int64_t labels_of(const ScorerOptions& options) {
  const auto classes = static_cast<std::int64_t>(options.classes.size());
  if (classes == 0) fail_input("scores need the name of a class at least");
  return std::max(classes, options.labels);
}

/// A model may know more classes than the truth has.
void check_truth(const ConfusionMatrix& confusion, std::size_t classes) {
  for (auto i = static_cast<std::int64_t>(classes); i < confusion.classes(); ++i)
    if (confusion.truth_pixels(i) > 0) fail_input("the truth holds the label {}; expected 0 to {}", i, classes - 1);
}

}  // namespace

struct Scorer::Family {
  const FamilyEntry* entry;
  std::unique_ptr<MetricFamily> metrics;
};

Scorer::Scorer(ScorerOptions options) : options_(std::move(options)), confusion_(labels_of(options_)) {
  for (const std::string& name : options_.metrics) metric_info(name);
  for (const FamilyEntry* entry : metric_families())
    if (asks_for(options_, *entry)) families_.push_back({entry, entry->make(options_)});
}

Scorer::~Scorer() = default;
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;

const ImageScore& Scorer::add(std::string name, const Mask& prediction, const Mask& truth, const Tensor* logits) {
  for (const std::string& metric : options_.metrics)
    if (logits == nullptr && metric_info(metric).needs_logits)
      fail_input("'{}' is made of probabilities, and '{}' came without", metric, name);
  ConfusionMatrix confusion(confusion_.classes());
  confusion.add(prediction, truth, options_.void_pixels);
  check_truth(confusion, options_.classes.size());
  confusion_.merge(confusion);
  const Scores scores = score(confusion, options_.absent, options_.classes);
  per_image_.push_back({std::move(name), scores.mean_iou, scores.pixel_accuracy, confusion.total()});

  NegativeLogLikelihood loss;
  if (logits != nullptr) loss = negative_log_likelihood(*logits, truth);
  loss_ += loss.sum;
  loss_pixels_ += loss.pixels;

  Sums sums;
  if (!families_.empty()) {
    const Mask counted = what_counts(prediction, truth);
    const ImageMaterial image{prediction, truth, counted, confusion, logits, loss};
    for (const Family& family : families_) sums.push_back(family.metrics->count(image));
  }
  counts_.push_back(std::move(sums));
  return per_image_.back();
}

double Scorer::cross_entropy() const { return divide(loss_, static_cast<double>(loss_pixels_)); }

std::vector<MetricResult> Scorer::results() const { return results(std::vector<double>(counts_.size(), 1.0)); }

std::vector<MetricResult> Scorer::results(std::span<const double> times) const {
  Sums sums(families_.size());
  for (std::size_t f = 0; f < families_.size(); ++f)
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const std::vector<double>& counts = counts_[i][f];
      if (times[i] == 0) continue;
      sums[f].resize(counts.size());
      for (std::size_t j = 0; j < counts.size(); ++j) sums[f][j] += times[i] * counts[j];
    }
  return results_of_sums(sums);
}

std::vector<MetricResult> Scorer::results_of(std::int64_t image) const { return results_of_sums(counts(image)); }

std::vector<MetricResult> Scorer::results_of_sums(const Sums& sums) const {
  std::vector<MetricResult> results;
  for (const std::string& name : options_.metrics) results.push_back({name, kNoScore, {}, {}});
  for (std::size_t f = 0; f < families_.size(); ++f) {
    if (sums[f].empty()) continue;  // of no image
    const std::vector<FamilyScore> scores = families_[f].metrics->score(sums[f]);
    for (std::size_t m = 0; m < scores.size(); ++m)
      for (MetricResult& result : results)
        if (result.name == families_[f].entry->metrics[m].name) {
          result.value = scores[m].value;
          result.classes = scores[m].classes;
          result.threshold = scores[m].threshold;
        }
  }
  return results;
}

}  // namespace inlay
