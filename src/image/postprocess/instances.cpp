#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "inlay/distance.h"
#include "inlay/postprocess.h"

namespace inlay {
namespace {

bool is_maximum(const Tensor& distances, std::int64_t y, std::int64_t x) {
  const std::int64_t height = distances.shape()[0], width = distances.shape()[1];
  const auto values = distances.data<float>();
  const float own = values[static_cast<std::size_t>(y * width + x)];
  if (!(own > 0)) return false;
  for (std::int64_t v = std::max<std::int64_t>(y - 1, 0); v <= std::min(y + 1, height - 1); ++v)
    for (std::int64_t u = std::max<std::int64_t>(x - 1, 0); u <= std::min(x + 1, width - 1); ++u)
      if (values[static_cast<std::size_t>(v * width + u)] > own) return false;
  return true;
}

/// Points in squares of a side, so that those near another are found at once.
class NearPoints {
 public:
  NearPoints(std::int64_t width, double distance) : width_(width), distance_(distance) {}

  bool near(std::int64_t pixel, std::int32_t region) const {
    const auto [row, column] = square(pixel);
    for (std::int64_t v = row - 1; v <= row + 1; ++v)
      for (std::int64_t u = column - 1; u <= column + 1; ++u)
        if (const auto found = points_.find({v, u}); found != points_.end())
          for (const auto& [other, number] : found->second)
            if (number == region && distance(pixel, other) <= distance_) return true;
    return false;
  }
  void add(std::int64_t pixel, std::int32_t region) { points_[square(pixel)].emplace_back(pixel, region); }

 private:
  std::pair<std::int64_t, std::int64_t> square(std::int64_t pixel) const {
    const double side = std::max(distance_, 1.0);
    return {static_cast<std::int64_t>(static_cast<double>(pixel / width_) / side),
            static_cast<std::int64_t>(static_cast<double>(pixel % width_) / side)};
  }
  double distance(std::int64_t a, std::int64_t b) const {
    return std::hypot(static_cast<double>(a / width_ - b / width_), static_cast<double>(a % width_ - b % width_));
  }

  std::int64_t width_;
  double distance_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<std::pair<std::int64_t, std::int32_t>>> points_;
};

/// Parts the objects of one class; numbers go on from `instances`.
void part_class(const Mask& mask, const Tensor& regions, std::uint8_t label, const InstanceOptions& options,
                Instances& instances) {
  Tensor domain(DType::u8, mask.labels.shape()), sites(DType::u8, mask.labels.shape());
  const auto labels = mask.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    domain.data<std::uint8_t>()[i] = labels[i] == label;
    sites.data<std::uint8_t>()[i] = labels[i] != label;
  }
  Tensor relief = distances_to(sites);
  Tensor markers(DType::i32, mask.labels.shape());
  for (const std::int64_t pixel : separate_maxima(relief, regions, options.seed_distance)) {
    instances.labels.push_back(label);
    markers.data<std::int32_t>()[static_cast<std::size_t>(pixel)] = static_cast<std::int32_t>(instances.size());
  }
  for (float& value : relief.data<float>()) value = -value;
  const Tensor basins = watershed(relief, markers, domain, options.connectivity);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == label) instances.numbers.data<std::int32_t>()[i] = basins.data<std::int32_t>()[i];
}

/// In the order of first pixels.
void renumber(Instances& instances) {
  std::vector<std::int32_t> renamed(instances.labels.size() + 1, 0);
  std::vector<std::uint8_t> labels;
  for (std::int32_t& number : instances.numbers.data<std::int32_t>()) {
    if (number == 0) continue;
    std::int32_t& name = renamed[static_cast<std::size_t>(number)];
    if (name == 0) {
      labels.push_back(instances.labels[static_cast<std::size_t>(number - 1)]);
      name = static_cast<std::int32_t>(labels.size());
    }
    number = name;
  }
  instances.labels = std::move(labels);
}

}  // namespace

std::vector<std::int64_t> separate_maxima(const Tensor& distances, const Tensor& numbers, double distance) {
  const std::int64_t height = distances.shape()[0], width = distances.shape()[1];
  const auto values = distances.data<float>();
  std::vector<std::int64_t> maxima, taken;
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x)
      if (is_maximum(distances, y, x)) maxima.push_back(y * width + x);
  std::ranges::stable_sort(maxima, std::greater<>(),
                           [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; });
  NearPoints points(width, distance);
  for (const std::int64_t pixel : maxima) {
    const std::int32_t region = numbers.data<std::int32_t>()[static_cast<std::size_t>(pixel)];
    if (points.near(pixel, region)) continue;
    points.add(pixel, region);
    taken.push_back(pixel);
  }
  return taken;
}

Instances find_instances(const Mask& mask, const InstanceOptions& options) {
  Regions regions = connected_regions(mask, options.connectivity, std::uint8_t{0});
  Instances instances{regions.numbers, {}};
  std::set<std::uint8_t> classes;
  for (const Region& region : regions.regions) {
    instances.labels.push_back(region.label);
    classes.insert(region.label);
  }
  if (options.seed_distance <= 0) return instances;
  instances = {Tensor(DType::i32, mask.labels.shape()), {}};
  for (const std::uint8_t label : classes) part_class(mask, regions.numbers, label, options, instances);
  renumber(instances);
  return instances;
}

}  // namespace inlay
