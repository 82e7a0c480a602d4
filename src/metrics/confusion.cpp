#include <numeric>

#include "base/fail.h"
#include "inlay/metrics.h"

namespace inlay {

ConfusionMatrix::ConfusionMatrix(std::int64_t classes) : classes_(classes) {
  if (classes < 1 || classes > 255) fail_input("a confusion matrix needs 1 to 255 classes, got {}", classes);
  counts_.assign(static_cast<std::size_t>(classes * classes), 0);
  on_void_.assign(static_cast<std::size_t>(classes), 0);
}

void ConfusionMatrix::add(const Mask& prediction, const Mask& truth, VoidPolicy void_pixels) {
  if (prediction.labels.shape() != truth.labels.shape())
    fail_input("the prediction has {}x{} pixels and the truth {}x{}; they must be of one size", prediction.height(),
               prediction.width(), truth.height(), truth.width());
  add(prediction.labels.data<std::uint8_t>(), truth.labels.data<std::uint8_t>(), void_pixels);
}

void ConfusionMatrix::add(std::span<const std::uint8_t> prediction, std::span<const std::uint8_t> truth,
                          VoidPolicy void_pixels) {
  if (prediction.size() != truth.size())
    fail_input("the prediction has {} pixels and the truth {}; they must be as many", prediction.size(), truth.size());
  const auto check = [&](std::string_view what, std::uint8_t label) {
    if (label >= classes_) fail_input("the {} holds the label {}; expected 0 to {}", what, label, classes_ - 1);
  };
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == kIgnore) {
      if (void_pixels == VoidPolicy::ignore || prediction[i] == kIgnore) continue;
      check("prediction", prediction[i]);
      ++on_void_[prediction[i]];
      continue;
    }
    check("truth", truth[i]);
    check("prediction", prediction[i]);
    ++counts_[static_cast<std::size_t>(truth[i] * classes_ + prediction[i])];
  }
}

void ConfusionMatrix::merge(const ConfusionMatrix& other) {
  if (other.classes_ != classes_)
    fail_input("confusion matrices of {} and {} classes cannot be added", classes_, other.classes_);
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  for (std::size_t i = 0; i < on_void_.size(); ++i) on_void_[i] += other.on_void_[i];
}

std::int64_t ConfusionMatrix::count(std::int64_t truth, std::int64_t prediction) const {
  return counts_.at(static_cast<std::size_t>(truth * classes_ + prediction));
}

std::int64_t ConfusionMatrix::truth_pixels(std::int64_t index) const {
  std::int64_t sum = 0;
  for (std::int64_t j = 0; j < classes_; ++j) sum += count(index, j);
  return sum;
}

std::int64_t ConfusionMatrix::predicted_pixels(std::int64_t index) const {
  std::int64_t sum = on_void_.at(static_cast<std::size_t>(index));
  for (std::int64_t i = 0; i < classes_; ++i) sum += count(i, index);
  return sum;
}

std::int64_t ConfusionMatrix::total() const { return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0}); }

}  // namespace inlay
