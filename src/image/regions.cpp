#include "inlay/regions.h"

#include <algorithm>
#include <limits>

#include "base/fail.h"

namespace inlay {
namespace {

/// Fills one region after another from its first pixel.
class Filler {
 public:
  Filler(const Mask& mask, Connectivity connectivity, Tensor& numbers)
      : labels_(mask.labels.data<std::uint8_t>()),
        numbers_(numbers.data<std::int32_t>()),
        height_(mask.height()),
        width_(mask.width()),
        corners_(connectivity == Connectivity::corners) {}

  Region fill(std::int64_t y, std::int64_t x, std::int32_t number) {
    region_ = {labels_[index(y, x)], 0, {y, x, y + 1, x + 1}};
    take(y, x, number);
    while (!open_.empty()) {
      const auto [at_y, at_x] = open_.back();
      open_.pop_back();
      for (std::int64_t dy = -1; dy <= 1; ++dy)
        for (std::int64_t dx = -1; dx <= 1; ++dx)
          if (corners_ || dy == 0 || dx == 0) take(at_y + dy, at_x + dx, number);
    }
    return region_;
  }

 private:
  struct Pixel {
    std::int64_t y, x;
  };

  std::size_t index(std::int64_t y, std::int64_t x) const { return static_cast<std::size_t>(y * width_ + x); }

  void take(std::int64_t y, std::int64_t x, std::int32_t number) {
    if (y < 0 || y >= height_ || x < 0 || x >= width_) return;
    const std::size_t at = index(y, x);
    if (numbers_[at] != 0 || labels_[at] != region_.label) return;
    numbers_[at] = number;
    ++region_.pixels;
    Box& box = region_.box;
    box = {std::min(box.y0, y), std::min(box.x0, x), std::max(box.y1, y + 1), std::max(box.x1, x + 1)};
    open_.push_back({y, x});
  }

  std::span<const std::uint8_t> labels_;
  std::span<std::int32_t> numbers_;
  std::int64_t height_, width_;
  bool corners_;
  Region region_;
  std::vector<Pixel> open_;  // of the region, whose neighbours were not looked at
};

}  // namespace

Regions connected_regions(const Mask& mask, Connectivity connectivity, std::optional<std::uint8_t> background) {
  Regions result{Tensor(DType::i32, {mask.height(), mask.width()}), {}};
  const std::span<const std::uint8_t> labels = mask.labels.data<std::uint8_t>();
  const std::span<const std::int32_t> numbers = result.numbers.data<std::int32_t>();
  Filler filler(mask, connectivity, result.numbers);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == kIgnore || labels[i] == background || numbers[i] != 0) continue;
    const auto at = static_cast<std::int64_t>(i);
    result.regions.push_back(
        filler.fill(at / mask.width(), at % mask.width(), static_cast<std::int32_t>(result.regions.size()) + 1));
  }
  return result;
}

}  // namespace inlay
