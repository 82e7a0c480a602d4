#include <algorithm>

#include "base/fail.h"
#include "data/parallel.h"
#include "inlay/synth.h"

namespace inlay {
namespace {

using Histogram = std::array<std::array<std::int64_t, 256>, 2>;  // pixels per class and grey value

double iou(std::int64_t hit, std::int64_t miss, std::int64_t false_alarm) {
  const std::int64_t all = hit + miss + false_alarm;
  return all == 0 ? 1.0 : static_cast<double>(hit) / static_cast<double>(all);
}

}  // namespace

double best_threshold_iou(const Dataset& dataset, Split split) {
  if (dataset.classes().size() != 2)
    fail_input("a threshold tells 2 classes apart, '{}' has {}", dataset.root().string(), dataset.classes().size());
  std::vector<Histogram> parts(static_cast<std::size_t>(dataset.size(split)));
  for_each_parallel(dataset.size(split), [&](std::int64_t i) {
    const Sample sample = dataset.read(split, i);
    const Image grey = as_u8(with_channels(sample.image, 1));
    auto values = grey.pixels.data<std::uint8_t>();
    auto labels = sample.mask.labels.data<std::uint8_t>();
    for (std::size_t p = 0; p < values.size(); ++p)
      if (labels[p] != kIgnore) ++parts[static_cast<std::size_t>(i)][labels[p]][values[p]];
  });
  Histogram sum{};
  std::array<std::int64_t, 2> total{};
  for (const Histogram& part : parts)
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t v = 0; v < 256; ++v) {
        sum[c][v] += part[c][v];
        total[c] += part[c][v];
      }
  double best = 0.0;
  std::array<std::int64_t, 2> below{};  // pixels with a value up to the threshold
  for (std::size_t threshold = 0; threshold < 256; ++threshold)
    for (std::size_t dark : {0u, 1u}) {  // the class that the dark side is given
      if (dark == 0)
        for (std::size_t c = 0; c < 2; ++c) below[c] += sum[c][threshold];
      const std::size_t light = 1 - dark;
      const std::int64_t dark_hit = below[dark], dark_false = below[light];
      const std::int64_t light_hit = total[light] - below[light], light_false = total[dark] - below[dark];
      best = std::max(best, 0.5 * (iou(dark_hit, light_false, dark_false) + iou(light_hit, dark_false, light_false)));
    }
  return best;
}

}  // namespace inlay
