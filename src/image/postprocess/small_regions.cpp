#include <algorithm>
#include <map>

#include "inlay/postprocess.h"

namespace inlay {
namespace {

/// Pairs of pixels that share an edge: body(index, index).
template <class Body>
void for_edges(std::int64_t height, std::int64_t width, Body&& body) {
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const auto at = static_cast<std::size_t>(y * width + x);
      if (x + 1 < width) body(at, at + 1);
      if (y + 1 < height) body(at, at + static_cast<std::size_t>(width));
    }
}

/// By region, from 1: whether it may give its label away.
std::vector<bool> large_ones(const Regions& regions, std::int64_t least) {
  std::vector<bool> large{false};
  std::int64_t most = 0;
  for (const Region& region : regions.regions) most = std::max(most, region.pixels);
  for (const Region& region : regions.regions) large.push_back(region.pixels >= std::min(least, most));
  return large;
}

/// Label of the longest border with a large region, by number of a small one.
std::map<std::int32_t, std::uint8_t> adopted_labels(const Mask& mask, const Regions& regions,
                                                    const std::vector<bool>& large) {
  const auto numbers = regions.numbers.data<std::int32_t>();
  std::map<std::int32_t, std::map<std::uint8_t, std::int64_t>> borders;
  const auto look = [&](std::size_t small, std::size_t other) {
    const std::int32_t number = numbers[small], neighbour = numbers[other];
    if (number == 0 || neighbour == 0 || large[static_cast<std::size_t>(number)] ||
        !large[static_cast<std::size_t>(neighbour)])
      return;
    ++borders[number][regions.regions[static_cast<std::size_t>(neighbour - 1)].label];
  };
  for_edges(mask.height(), mask.width(), [&](std::size_t a, std::size_t b) {
    look(a, b);
    look(b, a);
  });
  std::map<std::int32_t, std::uint8_t> labels;
  for (const auto& [number, lengths] : borders)
    labels[number] = std::ranges::max_element(lengths, {}, [](const auto& entry) { return entry.second; })->first;
  return labels;
}

}  // namespace

Mask remove_small_regions(const Mask& mask, std::int64_t least) {
  Mask out{mask.labels.clone()};
  const auto labels = out.labels.data<std::uint8_t>();
  for (;;) {
    const Regions regions = connected_regions(out);
    const std::vector<bool> large = large_ones(regions, least);
    const auto adopted = adopted_labels(out, regions, large);
    if (adopted.empty()) return out;
    const auto numbers = regions.numbers.data<std::int32_t>();
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (const auto found = adopted.find(numbers[i]); found != adopted.end()) labels[i] = found->second;
  }
}

}  // namespace inlay
