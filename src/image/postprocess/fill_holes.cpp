#include "inlay/postprocess.h"

namespace inlay {
namespace {

constexpr int kNone = -1, kSeveral = -2;

}  // namespace

Mask fill_holes(const Mask& mask) {
  const std::int64_t height = mask.height(), width = mask.width();
  const auto labels = mask.labels.data<std::uint8_t>();
  const Regions regions = connected_regions(mask);
  const auto numbers = regions.numbers.data<std::int32_t>();
  std::vector<int> around(regions.regions.size() + 1, kNone);  // the one label that surrounds the region
  const auto look = [&](std::size_t at, std::int64_t y, std::int64_t x) {
    int& found = around[static_cast<std::size_t>(numbers[at])];
    if (y < 0 || x < 0 || y >= height || x >= width) {
      found = kSeveral;
      return;
    }
    const std::uint8_t label = labels[static_cast<std::size_t>(y * width + x)];
    if (label == 0) return;
    found = label != kIgnore && (found == kNone || found == label) ? label : kSeveral;
  };
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(y * width + x);
      if (labels[at] != 0) continue;
      look(at, y - 1, x);
      look(at, y + 1, x);
      look(at, y, x - 1);
      look(at, y, x + 1);
    }
  Mask out{mask.labels.clone()};
  const auto filled = out.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < filled.size(); ++i)
    if (labels[i] == 0 && around[static_cast<std::size_t>(numbers[i])] >= 0)
      filled[i] = static_cast<std::uint8_t>(around[static_cast<std::size_t>(numbers[i])]);
  return out;
}

}  // namespace inlay
