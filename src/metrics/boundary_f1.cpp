#include <algorithm>
#include <cmath>

#include "metrics/boundaries.h"
#include "metrics/family.h"

namespace inlay {
namespace {

constexpr double kTolerance = 0.0075;  // of the diagonal

/// Rows and columns away, the nearest first.
struct Offset {
  std::int64_t dy, dx;
};

std::vector<Offset> disk(double radius) {
  const auto reach = static_cast<std::int64_t>(radius);
  std::vector<Offset> offsets;
  for (std::int64_t dy = -reach; dy <= reach; ++dy)
    for (std::int64_t dx = -reach; dx <= reach; ++dx)
      if (static_cast<double>(dy * dy + dx * dx) <= radius * radius) offsets.push_back({dy, dx});
  std::ranges::stable_sort(offsets, {}, [](const Offset& o) { return o.dy * o.dy + o.dx * o.dx; });
  return offsets;
}

/// Boundary pixels of a class in one mask, and those of them that the other mask has nearby.
struct Matches {
  double pixels = 0, matched = 0;
};

class Outline {
 public:
  explicit Outline(const Mask& mask)
      : labels_(mask.labels.data<std::uint8_t>()), boundary_(inner_boundary(mask, false)), mask_(mask) {}

  /// Of every class, by how much of this outline the other has.
  std::vector<Matches> matches(const Outline& other, const std::vector<Offset>& near, std::size_t classes) const {
    std::vector<Matches> found(classes);
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      if (boundary_[i] == 0 || labels_[i] >= classes) continue;
      Matches& one = found[labels_[i]];
      ++one.pixels;
      if (other.has(labels_[i], static_cast<std::int64_t>(i), near)) ++one.matched;
    }
    return found;
  }

 private:
  bool has(std::uint8_t label, std::int64_t at, const std::vector<Offset>& near) const {
    const std::int64_t height = mask_.height(), width = mask_.width(), y = at / width, x = at % width;
    return std::ranges::any_of(near, [&](const Offset& o) {
      if (y + o.dy < 0 || y + o.dy >= height || x + o.dx < 0 || x + o.dx >= width) return false;
      const auto i = static_cast<std::size_t>(at + o.dy * width + o.dx);
      return boundary_[i] != 0 && labels_[i] == label;
    });
  }

  std::span<const std::uint8_t> labels_;
  std::vector<std::uint8_t> boundary_;
  const Mask& mask_;
};

double f1(const Matches& predicted, const Matches& truth) {
  if (predicted.pixels == 0 && truth.pixels == 0) return kNoScore;
  if (predicted.matched == 0 || truth.matched == 0) return 0;
  const double precision = predicted.matched / predicted.pixels, recall = truth.matched / truth.pixels;
  return 2 * precision * recall / (precision + recall);
}

/// Sum and number of scores: of the images, then of each class.
class BoundaryF1 final : public MetricFamily {
 public:
  explicit BoundaryF1(const ScorerOptions& options) : classes_(options.classes.size()) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    const Outline predicted(image.counted), truth(image.truth);
    const std::vector<Offset> near = disk(kTolerance * diagonal(image.truth));
    const std::vector<Matches> precision = predicted.matches(truth, near, classes_),
                               recall = truth.matches(predicted, near, classes_);
    std::vector<double> scores, counts(2 + 2 * classes_);
    for (std::size_t c = 0; c < classes_; ++c) scores.push_back(f1(precision[c], recall[c]));
    scores.insert(scores.begin(), mean_of(scores));
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (std::isnan(scores[i])) continue;
      counts[2 * i] = scores[i];
      counts[2 * i + 1] = 1;
    }
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    FamilyScore result{divide(sums[0], sums[1]), {}};
    for (std::size_t i = 2; i < sums.size(); i += 2) result.classes.push_back(divide(sums[i], sums[i + 1]));
    return {result};
  }

 private:
  std::size_t classes_;
};

}  // namespace

const FamilyEntry kBoundaryF1Metrics{
    {{"boundary_f1", "how much of the outlines agrees within a few pixels", "boundary_f1"}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
      return std::make_unique<BoundaryF1>(options);
    }};

}  // namespace inlay
