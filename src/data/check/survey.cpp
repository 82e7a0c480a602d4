#include "data/check/survey.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "data/folder.h"
#include "data/formats/formats.h"
#include "data/formats/sources.h"
#include "data/labelling.h"
#include "data/parallel.h"
#include "data/unknown_labels.h"
#include "image/orientation.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

/// The message of the InputError that `body` throws, or "".
template <class Body>
std::string problem_of(Body&& body) {
  try {
    body();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

bool is_constant(const Image& image) {
  const auto same = [&](auto values) {
    const auto channels = static_cast<std::size_t>(image.channels());
    for (std::size_t i = channels; i < values.size(); ++i)
      if (values[i] != values[i - channels]) return false;
    return true;
  };
  return image.pixels.type() == DType::u8 ? same(image.pixels.data<std::uint8_t>()) : same(image.pixels.data<float>());
}

// The decoders spread 16 bits over 0..1, so that such values are whole multiples.
std::int64_t bits_of(const Image& image) {
  if (image.pixels.type() == DType::u8) return 8;
  const bool sixteen = std::ranges::all_of(image.pixels.data<float>(), [](float value) {
    const float steps = value * 65535.0f;
    return value >= 0.0f && value <= 1.0f && std::abs(steps - std::round(steps)) < 0.01f;
  });
  return sixteen ? 16 : 32;
}

std::optional<MaskValues> values_of(const fs::path& path) {
  if (!has_image_extension(path)) return std::nullopt;
  RawMask raw;
  if (!problem_of([&] { raw = read_raw_mask(path); }).empty()) return std::nullopt;
  MaskValues out{.height = raw.values.shape()[0], .width = raw.values.shape()[1], .bits = raw.bits};
  out.colours = raw.kind == RawMask::Kind::rgb && !is_grey(raw);
  if (out.colours || raw.kind == RawMask::Kind::indexed) return out;
  for (std::int32_t value : raw.values.data<std::int32_t>()) {
    if (raw.kind == RawMask::Kind::rgb) value &= 255;
    ++(value == 0 ? out.black : value == 255 || value == 65535 ? out.white : out.between);
  }
  return out;
}

void look_at_image(const Dataset& dataset, std::int64_t i, Look& look, Image& image) {
  look.image_problem = problem_of([&] { image = dataset.read_image(Split::all, i); });
  if (!look.image_problem.empty()) return;
  look.height = image.height();
  look.width = image.width();
  look.channels = image.channels();
  look.bits = bits_of(image);
  look.constant = is_constant(image);
  look.orientation = jpeg_orientation(look.paths.image);
  look.fingerprint = fingerprint(image);
}

// The mask, as far as it can be read; `look` says what is wrong with it.
Mask read_what_is_known(const Dataset& dataset, std::int64_t i, Look& look) {
  Mask mask;
  look.mask_problem = problem_of([&] {
    try {
      mask = dataset.read_mask(Split::all, i);
    } catch (const UnknownLabels& error) {
      mask = error.mask;
      look.unknown = error.pixels;
      throw;
    }
  });
  return mask;
}

Look look_at(const Dataset& dataset, std::int64_t i, bool labelled) {
  Look look;
  look.paths = dataset.paths(Split::all, i);
  look.split = i < dataset.size(Split::train)                              ? Split::train
               : i < dataset.size(Split::train) + dataset.size(Split::val) ? Split::val
                                                                           : Split::test;
  Image image;
  look_at_image(dataset, i, look, image);
  look.values = values_of(look.paths.mask);
  look.turned_mask = look.orientation >= 5 && look.height != look.width && look.values &&
                     look.values->height == look.width && look.values->width == look.height;
  if (!labelled) return look;
  const Mask mask = read_what_is_known(dataset, i, look);
  if (!look.mask_problem.empty() && look.unknown == 0) return look;
  look.mask_height = mask.height();
  look.mask_width = mask.width();
  look.classes.resize(static_cast<std::size_t>(dataset.classes().size()));
  for (std::uint8_t label : mask.labels.data<std::uint8_t>()) ++(label == kIgnore ? look.ignored : look.classes[label]);
  if (look.usable()) look.leak = find_leak(image, mask, dataset.classes());
  return look;
}

/// What can be had of a plain folder some of whose files are damaged.
void open_what_is_whole(const fs::path& path, Survey& out) {
  if (format_of(path).name != "folder") return;
  const ClassFile file = read_class_file(path);
  Folder folder = find_pairs(path, file);
  out.warnings = folder.warnings;
  std::vector<Page> whole;
  for (const auto& pairs : folder.splits)
    for (const FilePair& pair : pairs)
      if (problem_of([&] { read_raw_mask_page(pair.mask); }).empty()) whole.push_back(pair.mask);
  Labelling labelling;
  out.label_problem = problem_of([&] { labelling = resolve_labels(file, whole, Stray::left); });
  const auto labels = std::make_shared<const LabelMap>(std::move(labelling.labels));
  std::array<std::vector<SampleSource>, 3> splits;
  for (std::size_t i = 0; i < splits.size(); ++i)
    for (FilePair& pair : folder.splits[i])
      splits[i].push_back(file_source(pair.name, std::move(pair.image), std::move(pair.mask), labels));
  out.dataset.emplace(path, "folder", labelling.classes, std::move(splits), out.warnings);
}

}  // namespace

Survey survey(const fs::path& path, const DatasetOptions& options) {
  Survey out;
  out.root = path;
  out.open_problem = problem_of([&] { out.dataset = open_dataset(path, options); });
  if (out.dataset)
    out.warnings = out.dataset->warnings();
  else if (std::error_code code;
           fs::is_directory(path, code) && problem_of([&] { open_what_is_whole(path, out); }) != "")
    out.dataset.reset();
  if (!out.dataset) return out;
  const Dataset& dataset = *out.dataset;
  out.classes = dataset.classes();
  out.looks.resize(static_cast<std::size_t>(dataset.size(Split::all)));
  for_each_parallel(dataset.size(Split::all), [&](std::int64_t i) {
    out.looks[static_cast<std::size_t>(i)] = look_at(dataset, i, out.label_problem.empty());
  });
  return out;
}

}  // namespace inlay
