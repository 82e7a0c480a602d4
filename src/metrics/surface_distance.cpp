#include <algorithm>
#include <cmath>
#include <numeric>

#include "inlay/distance.h"
#include "inlay/regions.h"
#include "metrics/boundaries.h"
#include "metrics/family.h"

namespace inlay {
namespace {

/// The surfaces of one mask's classes.
struct Surfaces {
  explicit Surfaces(const Mask& mask)
      : labels(mask.labels.data<std::uint8_t>()), boundary(inner_boundary(mask, true)), width(mask.width()) {}

  bool at(std::size_t i, std::uint8_t label) const { return boundary[i] != 0 && labels[i] == label; }
  std::vector<std::int64_t> pixels(std::uint8_t label) const {
    std::vector<std::int64_t> found;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (at(i, label)) found.push_back(static_cast<std::int64_t>(i));
    return found;
  }

  std::span<const std::uint8_t> labels;
  std::vector<std::uint8_t> boundary;
  std::int64_t width;
};

/// The smallest box around both lists of pixels.
Box box_of(const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b, std::int64_t width) {
  Box box{a.front() / width, a.front() % width, 0, 0};
  for (const std::vector<std::int64_t>* list : {&a, &b})
    for (const std::int64_t i : *list) {
      const std::int64_t y = i / width, x = i % width;
      box = {std::min(box.y0, y), std::min(box.x0, x), std::max(box.y1, y + 1), std::max(box.x1, x + 1)};
    }
  return box;
}

/// From each of `from` to the nearest of `to`.
std::vector<double> distances(const std::vector<std::int64_t>& from, const std::vector<std::int64_t>& to,
                              const Box& box, std::int64_t width) {
  Tensor sites(DType::u8, {box.y1 - box.y0, box.x1 - box.x0});
  const auto inside = [&](std::int64_t i) {
    return static_cast<std::size_t>((i / width - box.y0) * (box.x1 - box.x0) + i % width - box.x0);
  };
  for (const std::int64_t i : to) sites.data<std::uint8_t>()[inside(i)] = 1;
  const Tensor away = distances_to(sites);
  std::vector<double> found;
  for (const std::int64_t i : from) found.push_back(away.data<float>()[inside(i)]);
  return found;
}

/// Between neighbouring values linearly.
double percentile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

struct Apart {
  double hausdorff95 = 0, mean = 0;
};

Apart apart(const Surfaces& a, const Surfaces& b, std::uint8_t label, double diagonal) {
  const std::vector<std::int64_t> in_a = a.pixels(label), in_b = b.pixels(label);
  if (in_a.empty() || in_b.empty()) return {diagonal, diagonal};
  const Box box = box_of(in_a, in_b, a.width);
  const std::vector<double> there = distances(in_a, in_b, box, a.width), back = distances(in_b, in_a, box, a.width);
  const double sum = std::reduce(there.begin(), there.end()) + std::reduce(back.begin(), back.end());
  return {std::max(percentile(there, 0.95), percentile(back, 0.95)),
          sum / static_cast<double>(there.size() + back.size())};
}

/// Of each class the sums of both distances, and the number of images.
class SurfaceDistance final : public MetricFamily {
 public:
  explicit SurfaceDistance(const ScorerOptions& options) : classes_(options.classes.size()) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    const Surfaces predicted(image.counted), truth(image.truth);
    std::vector<double> counts(3 * classes_);
    for (const std::uint8_t label : classes_in(image.counted, image.truth, classes_)) {
      const Apart one = apart(predicted, truth, label, diagonal(image.truth));
      counts[3u * label] = one.hausdorff95;
      counts[3u * label + 1] = one.mean;
      counts[3u * label + 2] = 1;
    }
    return counts;
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    FamilyScore hausdorff, mean;
    for (std::size_t i = 0; i < sums.size(); i += 3) {
      hausdorff.classes.push_back(divide(sums[i], sums[i + 2]));
      mean.classes.push_back(divide(sums[i + 1], sums[i + 2]));
    }
    hausdorff.value = mean_of(hausdorff.classes);
    mean.value = mean_of(mean.classes);
    return {hausdorff, mean};
  }

 private:
  std::size_t classes_;
};

}  // namespace

const FamilyEntry kSurfaceDistanceMetrics{
    {{"hausdorff95", "95th percentile of the distances between surfaces, in pixels", "hausdorff95", false},
     {"surface_distance", "mean of the distances between surfaces, in pixels", "surface_distance", false}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
      return std::make_unique<SurfaceDistance>(options);
    }};

}  // namespace inlay
