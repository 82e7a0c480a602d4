#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "data/parallel.h"
#include "data/read_sample.h"
#include "inlay/plan.h"
#include "inlay/regions.h"

namespace inlay {
namespace {

struct Look {  // at one image
  std::int64_t height = 0, width = 0, ignored = 0;
  std::vector<double> sum, squares;                // per channel
  std::vector<std::int64_t> pixels;                // per class
  std::vector<std::vector<std::int64_t>> objects;  // per class: their pixels
};

template <class T>
void add_pixels(const Tensor& pixels, double scale, Look& look) {
  const std::size_t channels = look.sum.size();
  const auto values = pixels.data<T>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = static_cast<double>(values[i]) * scale;
    look.sum[i % channels] += value;
    look.squares[i % channels] += value * value;
  }
}

Look look_at(const Sample& sample, std::size_t classes) {
  Look look{.height = sample.image.height(), .width = sample.image.width()};
  look.sum.resize(static_cast<std::size_t>(sample.image.channels()));
  look.squares.resize(look.sum.size());
  look.pixels.resize(classes);
  look.objects.resize(classes);
  const Tensor& pixels = sample.image.pixels;
  if (pixels.type() == DType::u8)
    add_pixels<std::uint8_t>(pixels, 1.0 / 255, look);
  else
    add_pixels<float>(pixels, 1, look);
  for (const std::uint8_t label : sample.mask.labels.data<std::uint8_t>())
    ++(label == kIgnore ? look.ignored : look.pixels[label]);
  for (const Region& region : connected_regions(sample.mask).regions)
    look.objects[region.label].push_back(region.pixels);
  return look;
}

template <class T>
T median(std::vector<T> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

void set_sizes(const std::vector<Look>& looks, Fingerprint& print) {
  std::vector<std::int64_t> heights, widths;
  for (const Look& look : looks) {
    heights.push_back(look.height);
    widths.push_back(look.width);
  }
  print.smallest = {*std::ranges::min_element(heights), *std::ranges::min_element(widths)};
  print.largest = {*std::ranges::max_element(heights), *std::ranges::max_element(widths)};
  print.median = {median(heights), median(widths)};
}

void set_values(const std::vector<Look>& looks, Fingerprint& print) {
  for (std::size_t c = 0; c < static_cast<std::size_t>(print.channels); ++c) {
    double sum = 0, squares = 0, pixels = 0;
    for (const Look& look : looks) {
      sum += look.sum[c];
      squares += look.squares[c];
      pixels += static_cast<double>(look.height * look.width);
    }
    print.mean.push_back(sum / pixels);
    print.stddev.push_back(std::sqrt(std::max(0.0, squares / pixels - print.mean[c] * print.mean[c])));
  }
}

void set_classes(const std::vector<Look>& looks, const ClassTable& table, Fingerprint& print) {
  double counted = 0, ignored = 0;
  for (std::size_t c = 0; c < table.names.size(); ++c) {
    Fingerprint::Class entry{.name = table.names[c]};
    std::vector<std::int64_t> objects;
    for (const Look& look : looks) {
      entry.share += static_cast<double>(look.pixels[c]);
      entry.image_share += look.pixels[c] > 0 ? 1 : 0;
      objects.insert(objects.end(), look.objects[c].begin(), look.objects[c].end());
    }
    counted += entry.share;
    entry.image_share /= static_cast<double>(looks.size());
    entry.objects = std::ssize(objects);
    if (!objects.empty()) entry.object_side = std::sqrt(static_cast<double>(median(std::move(objects))));
    print.classes.push_back(std::move(entry));
  }
  for (const Look& look : looks) ignored += static_cast<double>(look.ignored);
  for (Fingerprint::Class& entry : print.classes) entry.share /= std::max(1.0, counted);
  print.ignored = ignored / std::max(1.0, counted + ignored);
}

std::uint64_t hash(std::uint64_t key, std::string_view text) {
  for (const char c : text) key = mix_keys(key, static_cast<unsigned char>(c));
  return mix_keys(key, text.size());
}

std::uint64_t hash_file(std::uint64_t key, const std::filesystem::path& path) {
  std::error_code code;  // where something is no file of its own, the name must do
  const auto bytes = std::filesystem::file_size(path, code);
  if (!code) key = mix_keys(key, bytes);
  const auto time = std::filesystem::last_write_time(path, code);
  if (!code) key = mix_keys(key, static_cast<std::uint64_t>(time.time_since_epoch().count()));
  return hash(key, path.filename().string());
}

}  // namespace

std::string fingerprint_key(const Dataset& dataset) {
  std::uint64_t key = 0;
  for (const Split split : {Split::train, Split::val})
    for (std::int64_t i = 0; i < dataset.size(split); ++i) {
      const SamplePaths& paths = dataset.paths(split, i);
      key = hash_file(hash_file(hash(key, paths.name), paths.image), paths.mask);
    }
  return fmt::format("{:016x}", key);
}

Fingerprint measure_fingerprint(const Dataset& dataset, std::int64_t channels, std::int64_t most) {
  const auto start = std::chrono::steady_clock::now();
  Fingerprint print{.train_images = dataset.size(Split::train), .val_images = dataset.size(Split::val)};
  if (print.train_images == 0) fail_input("the data set '{}' has no training images", dataset.root().string());
  print.read = std::min(most, print.train_images);
  print.channels = channels;
  std::vector<Look> looks(static_cast<std::size_t>(print.read));
  for_each_parallel(print.read, [&](std::int64_t i) {
    const std::int64_t index = i * print.train_images / print.read;
    looks[static_cast<std::size_t>(i)] =
        look_at(read_sample(dataset, Split::train, index, channels), dataset.classes().names.size());
  });
  set_sizes(looks, print);
  set_values(looks, print);
  set_classes(looks, dataset.classes(), print);
  print.key = fingerprint_key(dataset);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  print.read_seconds = taken.count() / static_cast<double>(print.read);
  return print;
}

}  // namespace inlay
