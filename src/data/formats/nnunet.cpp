// nnU-Net's raw data (Isensee et al., 2021), two-dimensional: dataset.json, imagesTr/CASE_0000.png with a file for
// every channel, labelsTr/CASE.png, and imagesTs/ with labelsTs/ where they are. The label named "ignore" is ignored.
// splits_final.json, where it is there, says which cases of imagesTr/ are for validation: those of its first fold.
#include <algorithm>

#include "base/fail.h"
#include "data/class_file.h"
#include "data/formats/class_tables.h"
#include "data/formats/json_file.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool is_nnunet(const fs::path& root) {
  std::error_code code;
  return fs::exists(root / "dataset.json", code) && fs::is_directory(root / "imagesTr", code) &&
         fs::is_directory(root / "labelsTr", code);
}

struct Description {
  std::size_t channels = 0;
  std::string ending;  // ".png"
  std::map<std::int64_t, std::string> labels;
};

// {"name": number} as of version 2, or {"number": "name"}.
std::map<std::int64_t, std::string> read_labels(const Json& labels, const std::string& where) {
  std::map<std::int64_t, std::string> out;
  for (const auto& [key, value] : labels.items()) {
    if (value.is_number_integer())
      out[value.get<std::int64_t>()] = key;
    else if (value.is_string() && !key.empty() &&
             std::ranges::all_of(key, [](unsigned char c) { return std::isdigit(c); }) && key.size() < 6)
      out[std::stoll(key)] = value.get<std::string>();
    else
      fail_input("{}: the label '{}' is not a whole number; regions of several labels cannot be read", where, key);
  }
  if (out.empty() || out.begin()->first < 0 || out.rbegin()->first > 65535)
    fail_input("{}: 'labels' holds no classes from 0 to 65535", where);
  return out;
}

Description read_description(const fs::path& file) {
  const Json json = read_json(file);
  const std::string where = fmt::format("'{}'", file.string());
  const char* key = json.contains("channel_names") ? "channel_names" : "modality";
  if (!json.is_object() || !json.contains(key) || !json[key].is_object() || json[key].empty())
    fail_input("{}: there are no 'channel_names'", where);
  if (!json.contains("labels") || !json["labels"].is_object()) fail_input("{}: there are no 'labels'", where);
  Description out;
  out.channels = json[key].size();
  out.ending = value_or(json, "file_ending", std::string(".nii.gz"), where);
  if (!has_image_extension("x" + out.ending))
    fail_input("{}: files that end in '{}' cannot be read; pictures of two dimensions (.png, .tif) can", where,
               out.ending);
  out.labels = read_labels(json["labels"], where);
  return out;
}

template <class T>
void copy_channels(const Tensor& from, Tensor& to, std::int64_t first) {
  const std::int64_t channels = from.shape()[2], all = to.shape()[2];
  const T* in = from.data<T>().data();
  T* out = to.data<T>().data() + first;
  for (std::int64_t i = 0; i < from.shape()[0] * from.shape()[1]; ++i)
    std::copy_n(in + i * channels, channels, out + i * all);
}

Tensor as_floats(const Tensor& pixels) {
  if (pixels.type() == DType::f32) return pixels;
  Tensor out(DType::f32, pixels.shape());
  std::ranges::transform(pixels.data<std::uint8_t>(), out.data<float>().begin(),
                         [](std::uint8_t v) { return static_cast<float>(v) / 255.0f; });
  return out;
}

// The channels of all files, one behind the other; 8 bits when all have them. `wanted`: as dataset.json names.
Image stack(const std::vector<fs::path>& files, std::size_t wanted) {
  std::vector<Tensor> parts;
  std::int64_t channels = 0;
  bool bytes = true;
  for (const fs::path& file : files) {
    parts.push_back(read_image(file).pixels);
    const Shape &first = parts.front().shape(), &shape = parts.back().shape();
    if (shape[0] != first[0] || shape[1] != first[1])
      fail_input("'{}' has {}x{} pixels and '{}' {}x{}; the channels of a picture must be of one size",
                 files[0].string(), first[0], first[1], file.string(), shape[0], shape[1]);
    channels += shape[2];
    bytes = bytes && parts.back().type() == DType::u8;
  }
  if (channels != static_cast<std::int64_t>(wanted))
    fail_input("'{}' has {} channels with the files beside it; dataset.json names {}", files[0].string(), channels,
               wanted);
  if (parts.size() == 1) return {parts[0]};
  Tensor out(bytes ? DType::u8 : DType::f32, {parts[0].shape()[0], parts[0].shape()[1], channels});
  std::int64_t first = 0;
  for (const Tensor& part : parts) {
    if (bytes)
      copy_channels<std::uint8_t>(part, out, first);
    else
      copy_channels<float>(as_floats(part), out, first);
    first += part.shape()[2];
  }
  return {out};
}

std::vector<SampleSource> samples_of(const fs::path& images, const fs::path& masks, const Description& about,
                                     const std::shared_ptr<const LabelMap>& labels,
                                     std::vector<std::string>& warnings) {
  std::vector<SampleSource> samples;
  std::error_code code;
  std::size_t missing = 0;
  for (const auto& [name, mask] : pictures_in(masks)) {
    std::vector<fs::path> files;
    // A file of colour holds three of them.
    for (std::size_t c = 0; c < about.channels; ++c)
      if (const fs::path file = images / fmt::format("{}_{:04}{}", name, c, about.ending); fs::exists(file, code))
        files.push_back(file);
    if (files.empty()) {
      if (missing++ == 0)
        warnings.push_back(fmt::format("'{}' is not used: there is no '{}_0000{}' in '{}'", mask.string(), name,
                                       about.ending, images.string()));
      continue;
    }
    samples.push_back({{name, files.front(), mask},
                       [files, wanted = about.channels] { return stack(files, wanted); },
                       [mask = mask, labels] { return labels->apply(read_raw_mask(mask), mask); }});
  }
  if (missing > 1) warnings.push_back(fmt::format("so are {} more in '{}'", missing - 1, masks.string()));
  return samples;
}

// Takes the cases that the first fold validates on out of train.
void apply_splits(const fs::path& file, std::vector<SampleSource>& train, std::vector<SampleSource>& val) {
  const Json json = read_json(file);
  if (!json.is_array() || json.empty() || !json[0].is_object() || !json[0].contains("val") ||
      !json[0]["val"].is_array())
    fail_input("'{}': expected a list of folds, each with 'train' and 'val'", file.string());
  for (const Json& name : json[0]["val"]) {
    const auto found = std::ranges::find_if(train, [&](const SampleSource& one) { return name == one.paths.name; });
    if (found == train.end()) fail_input("'{}': there is no case {}", file.string(), name.dump());
    val.push_back(std::move(*found));
    train.erase(found);
  }
  std::ranges::sort(val, {}, [](const SampleSource& one) { return one.paths.name; });
}

FoundSet open_nnunet(const fs::path& root) {
  const Description about = read_description(root / "dataset.json");
  LabelMap map;
  std::vector<std::string> names;
  for (const auto& [value, name] : about.labels) {
    const bool ignored = is_ignored_name(name);
    map.values[static_cast<std::size_t>(value)] = ignored ? kIgnore : static_cast<std::int16_t>(names.size());
    if (!ignored) names.push_back(name);
  }
  if (names.empty() || names.size() > 255)
    fail_input("'{}' has {} labels, expected 1 to 255", (root / "dataset.json").string(), names.size());
  const auto labels = std::make_shared<const LabelMap>(std::move(map));
  FoundSet found{named_classes(std::move(names), about.labels.begin()->second == "background"), {}, {}};
  found.splits[0] = samples_of(root / "imagesTr", root / "labelsTr", about, labels, found.warnings);
  std::error_code code;
  if (const fs::path splits = root / "splits_final.json"; fs::exists(splits, code))
    apply_splits(splits, found.splits[0], found.splits[1]);
  found.splits[2] = samples_of(root / "imagesTs", root / "labelsTs", about, labels, found.warnings);
  require_samples(found, root, kNnunet.name);
  return found;
}

}  // namespace

const DataFormat kNnunet{"nnU-Net", "dataset.json, imagesTr/ and labelsTr/", is_nnunet, open_nnunet};

}  // namespace inlay
