#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "data/parallel.h"
#include "data/read_sample.h"
#include "inlay/dataset.h"

namespace inlay {
namespace {

struct Sums {
  std::vector<double> sum, squares;  // per channel
  std::int64_t pixels = 0;
  std::vector<std::int64_t> classes;
};

template <class T>
void add_image(const Tensor& pixels, double scale, Sums& sums) {
  const std::size_t channels = sums.sum.size();
  const T* at = pixels.data<T>().data();
  sums.pixels = pixels.shape()[0] * pixels.shape()[1];
  for (std::int64_t i = 0; i < sums.pixels; ++i)
    for (std::size_t c = 0; c < channels; ++c) {
      const double value = static_cast<double>(*at++) * scale;
      sums.sum[c] += value;
      sums.squares[c] += value * value;
    }
}

Sums measure(const Sample& sample, std::int64_t channels, std::int64_t classes) {
  const auto size = static_cast<std::size_t>(channels);
  Sums sums{std::vector<double>(size), std::vector<double>(size), 0,
            std::vector<std::int64_t>(static_cast<std::size_t>(classes))};
  const Tensor& pixels = sample.image.pixels;
  if (pixels.type() == DType::u8)
    add_image<std::uint8_t>(pixels, 1.0 / 255.0, sums);
  else
    add_image<float>(pixels, 1.0, sums);
  for (std::uint8_t label : sample.mask.labels.data<std::uint8_t>())
    if (label != kIgnore) ++sums.classes[label];
  return sums;
}

void merge_classes(const Sums& one, DataStatistics& out) {
  std::int64_t counted = 0;
  for (std::int64_t pixels : one.classes) counted += pixels;
  for (std::size_t c = 0; c < one.classes.size(); ++c) {
    out.class_pixels[c] += one.classes[c];
    if (one.classes[c] > 0) out.class_image_pixels[c] += counted;
  }
}

}  // namespace

DataStatistics measure_statistics(const Dataset& dataset, Split split, std::int64_t channels) {
  const std::int64_t count = dataset.size(split), classes = dataset.classes().size();
  if (count == 0) fail_input("the {} part of '{}' is empty", to_string(split), dataset.root().string());
  std::vector<Sums> all(static_cast<std::size_t>(count));
  for_each_parallel(count, [&](std::int64_t i) {
    all[static_cast<std::size_t>(i)] = measure(read_sample(dataset, split, i, channels), channels, classes);
  });
  DataStatistics out;
  out.class_pixels.resize(static_cast<std::size_t>(classes));
  out.class_image_pixels.resize(static_cast<std::size_t>(classes));
  for (const Sums& one : all) merge_classes(one, out);
  for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
    double sum = 0.0, squares = 0.0, pixels = 0.0;
    for (const Sums& one : all) {
      sum += one.sum[c];
      squares += one.squares[c];
      pixels += static_cast<double>(one.pixels);
    }
    const double mean = sum / pixels, deviation = std::sqrt(std::max(0.0, squares / pixels - mean * mean));
    out.mean.push_back(static_cast<float>(mean));
    out.std.push_back(deviation < 1e-6 ? 1.0f : static_cast<float>(deviation));
  }
  return out;
}

std::vector<float> median_frequency_weights(const DataStatistics& statistics) {
  const std::size_t classes = statistics.class_pixels.size();
  std::vector<double> frequency(classes), present;
  for (std::size_t c = 0; c < classes; ++c) {
    if (statistics.class_pixels[c] == 0) continue;
    frequency[c] =
        static_cast<double>(statistics.class_pixels[c]) / static_cast<double>(statistics.class_image_pixels[c]);
    present.push_back(frequency[c]);
  }
  std::vector<float> weights(classes, 1.0f);
  if (present.empty()) return weights;
  std::ranges::sort(present);
  const std::size_t half = present.size() / 2;
  const double median = present.size() % 2 == 1 ? present[half] : 0.5 * (present[half - 1] + present[half]);
  for (std::size_t c = 0; c < classes; ++c)
    if (frequency[c] > 0.0) weights[c] = static_cast<float>(median / frequency[c]);
  return weights;
}

std::vector<float> enet_weights(const DataStatistics& statistics) {
  double all = 0;
  for (std::int64_t pixels : statistics.class_pixels) all += static_cast<double>(pixels);
  std::vector<float> weights;
  for (std::int64_t pixels : statistics.class_pixels)
    weights.push_back(pixels == 0 ? 1.0f : static_cast<float>(1 / std::log(1.02 + static_cast<double>(pixels) / all)));
  return weights;
}

}  // namespace inlay
