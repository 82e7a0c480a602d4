#include "inlay/dataset.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/fail.h"
#include "base/rng.h"
#include "data/formats/formats.h"
#include "data/unknown_labels.h"
#include "image/orientation.h"

namespace inlay {
namespace {

constexpr std::array<Split, 3> kParts{Split::train, Split::val, Split::test};

std::size_t part(Split split) { return static_cast<std::size_t>(split); }

std::int64_t count_val(std::int64_t images, const DatasetOptions& options) {
  if (options.val_last > 0) {
    if (options.val_last >= images)
      fail_input("the last {} images cannot be for validation, there are only {}", options.val_last, images);
    return options.val_last;
  }
  if (images < 2 || options.val_fraction == 0.0) return 0;
  const auto wanted = std::llround(options.val_fraction * static_cast<double>(images));
  return std::clamp<std::int64_t>(wanted, 1, images - 1);
}

// Takes the validation images out of train; both stay sorted by name.
void draw_val(std::vector<SampleSource>& train, std::vector<SampleSource>& val, const DatasetOptions& options) {
  const std::int64_t images = static_cast<std::int64_t>(train.size()), wanted = count_val(images, options);
  std::vector<std::int64_t> order(train.size());
  for (std::int64_t i = 0; i < images; ++i) order[static_cast<std::size_t>(i)] = images - 1 - i;
  if (options.val_last <= 0) {
    Rng rng(options.seed);
    shuffle(order, rng);
  }
  std::vector<bool> chosen(train.size());
  for (std::int64_t i = 0; i < wanted; ++i) chosen[static_cast<std::size_t>(order[static_cast<std::size_t>(i)])] = true;
  std::vector<SampleSource> rest;
  for (std::size_t i = 0; i < train.size(); ++i) (chosen[i] ? val : rest).push_back(std::move(train[i]));
  train = std::move(rest);
}

// A mask drawn over the photograph as it is stored, where that one is turned on its side (inlay/dataset.h).
void turn_like(const Image& image, const std::filesystem::path& file, Mask& mask) {
  if (image.height() != mask.width() || image.width() != mask.height() || image.height() == image.width()) return;
  const int orientation = jpeg_orientation(file);
  if (orientation < 5) return;
  const Shape shape{mask.height(), mask.width(), 1};
  mask.labels = oriented(mask.labels.reshaped(shape), orientation).reshaped({image.height(), image.width()});
}

}  // namespace

std::string_view to_string(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::val:
      return "val";
    case Split::test:
      return "test";
    case Split::all:
      return "all";
  }
  throw std::logic_error("unknown Split");
}

Split parse_split(std::string_view text) {
  for (Split split : {Split::train, Split::val, Split::test, Split::all})
    if (text == to_string(split)) return split;
  fail_input("'{}' is no part of a data set; expected train, val, test or all", text);
}

Dataset::Dataset(std::filesystem::path root, std::string format, ClassTable classes,
                 std::array<std::vector<SampleSource>, 3> splits, std::vector<std::string> warnings)
    : root_(std::move(root)),
      format_(std::move(format)),
      classes_(std::move(classes)),
      splits_(std::move(splits)),
      warnings_(std::move(warnings)) {}

std::int64_t Dataset::channels() const {
  constexpr std::int64_t kLookedAt = 8;
  std::int64_t most = 1;
  for (std::int64_t i = 0; i < std::min(kLookedAt, size(Split::all)); ++i)
    most = std::max(most, read_image(Split::all, i).channels());
  return most;
}

Dataset Dataset::with_split(std::span<const Split> parts) const {
  const std::int64_t count = size(Split::all);
  if (std::ssize(parts) != count)
    fail_input("{} samples of '{}' were given a part, there are {}", parts.size(), root_.string(), count);
  std::array<std::vector<SampleSource>, 3> splits;
  for (std::int64_t i = 0; i < count; ++i)
    if (const Split to = parts[static_cast<std::size_t>(i)]; to != Split::all)
      splits[part(to)].push_back(source(Split::all, i));
  for (auto& samples : splits)
    std::ranges::stable_sort(samples, {}, [](const SampleSource& one) { return one.paths.name; });
  return {root_, format_, classes_, std::move(splits), warnings_};
}

std::int64_t Dataset::size(Split split) const {
  if (split != Split::all) return static_cast<std::int64_t>(splits_[part(split)].size());
  std::int64_t sum = 0;
  for (Split one : kParts) sum += size(one);
  return sum;
}

std::vector<std::string> Dataset::names(Split split) const {
  std::vector<std::string> out;
  for (std::int64_t i = 0; i < size(split); ++i) out.push_back(paths(split, i).name);
  return out;
}

const SampleSource& Dataset::source(Split split, std::int64_t index) const {
  for (Split one : kParts) {
    if (split != Split::all && split != one) continue;
    if (index < size(one)) return splits_[part(one)].at(static_cast<std::size_t>(index));
    index -= size(one);
  }
  throw std::out_of_range(
      fmt::format("the {} part of '{}' has no sample with this number", to_string(split), root_.string()));
}

const SamplePaths& Dataset::paths(Split split, std::int64_t index) const { return source(split, index).paths; }

Image Dataset::read_image(Split split, std::int64_t index) const { return source(split, index).image(); }

Mask Dataset::read_mask(Split split, std::int64_t index) const {
  const SampleSource& from = source(split, index);
  const auto turn = [&](Mask& mask) {
    if (jpeg_orientation(from.paths.image) >= 5) turn_like(from.image(), from.paths.image, mask);
  };
  try {
    Mask mask = from.mask();
    turn(mask);
    return mask;
  } catch (UnknownLabels& error) {
    turn(error.mask);
    throw;
  }
}

Sample Dataset::read(Split split, std::int64_t index) const {
  const SampleSource& from = source(split, index);
  const SamplePaths& files = from.paths;
  Sample sample{files.name, from.image(), from.mask()};
  turn_like(sample.image, files.image, sample.mask);
  if (sample.image.height() != sample.mask.height() || sample.image.width() != sample.mask.width())
    fail_input("the image '{}' has {}x{} pixels and its mask '{}' {}x{}; they must be of one size",
               files.image.string(), sample.image.height(), sample.image.width(), files.mask.string(),
               sample.mask.height(), sample.mask.width());
  return sample;
}

Dataset open_dataset(const std::filesystem::path& path, const DatasetOptions& options) {
  if (!(options.val_fraction >= 0.0 && options.val_fraction < 1.0))
    fail_input("the share of validation images is {}, expected 0 or more and less than 1", options.val_fraction);
  if (options.val_last < 0) fail_input("the number of validation images is {}, expected 0 or more", options.val_last);
  std::error_code code;
  const bool is_yaml = path.extension() == ".yaml" || path.extension() == ".yml";
  if (!std::filesystem::is_directory(path, code) && !(is_yaml && std::filesystem::is_regular_file(path, code)))
    fail_input("the data set '{}' is missing or no folder", path.string());
  const DataFormat& format = format_of(path);
  FoundSet found = format.open(path);
  if (found.splits[part(Split::val)].empty()) draw_val(found.splits[0], found.splits[1], options);
  return {path, std::string(format.name), std::move(found.classes), std::move(found.splits), std::move(found.warnings)};
}

}  // namespace inlay
