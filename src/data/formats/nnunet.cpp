// nnU-Net's raw data (Isensee et al., 2021), of pictures, or of volumes slice by slice: dataset.json,
// imagesTr/CASE_0000.nii.gz with a file for every channel, labelsTr/CASE.nii.gz, and imagesTs/ with labelsTs/ where
// they are. The label named "ignore" is ignored. splits_final.json, where it is there, says which cases of imagesTr/
// are for validation: those of its first fold.
#include <algorithm>

#include "base/fail.h"
#include "data/class_file.h"
#include "data/formats/class_tables.h"
#include "data/formats/json_file.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "data/formats/nnunet_cases.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool is_nnunet(const fs::path& root) {
  std::error_code code;
  return fs::exists(root / "dataset.json", code) && fs::is_directory(root / "imagesTr", code) &&
         fs::is_directory(root / "labelsTr", code);
}

struct Description {
  CaseFiles files;
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
  out.files = {json[key].size(), value_or(json, "file_ending", std::string(".nii.gz"), where)};
  if (const std::string& ending = out.files.ending; !has_image_extension("x" + ending) && !is_volume(ending))
    fail_input("{}: files that end in '{}' cannot be read; pictures (.png, .tif) and NIfTI (.nii, .nii.gz) can", where,
               ending);
  out.labels = read_labels(json["labels"], where);
  return out;
}

// Takes the cases that the first fold validates on out of train.
std::vector<Case> take_val(const fs::path& file, std::vector<Case>& train) {
  const Json json = read_json(file);
  if (!json.is_array() || json.empty() || !json[0].is_object() || !json[0].contains("val") ||
      !json[0]["val"].is_array())
    fail_input("'{}': expected a list of folds, each with 'train' and 'val'", file.string());
  std::vector<Case> val;
  for (const Json& name : json[0]["val"]) {
    const auto found = std::ranges::find_if(train, [&](const Case& one) { return name == one.name; });
    if (found == train.end()) fail_input("'{}': there is no case {}", file.string(), name.dump());
    val.push_back(std::move(*found));
    train.erase(found);
  }
  return val;
}

// Neighbouring slices are nearly the same picture, so a draw of slices would validate on what was trained on. A fifth
// of the volumes, spread evenly, as many as a fold of nnU-Net's five; nothing where there is one volume or none.
std::vector<Case> take_fifth(std::vector<Case>& train) {
  const bool volumes = std::ranges::any_of(train, [](const Case& one) { return one.samples.size() > 1; });
  if (!volumes || train.size() < 2) return {};
  std::vector<Case> val, rest;
  for (std::size_t i = 0; i < train.size(); ++i) (i % 5 == 0 ? val : rest).push_back(std::move(train[i]));
  train = std::move(rest);
  return val;
}

std::vector<SampleSource> samples_of(std::vector<Case> cases) {
  std::vector<SampleSource> samples;
  for (Case& one : cases) std::ranges::move(one.samples, std::back_inserter(samples));
  std::ranges::stable_sort(samples, {}, [](const SampleSource& sample) { return sample.paths.name; });
  return samples;
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
  std::vector<Case> train = find_cases(root / "imagesTr", root / "labelsTr", about.files, labels, found.warnings);
  std::error_code code;
  if (const fs::path splits = root / "splits_final.json"; fs::exists(splits, code))
    found.splits[1] = samples_of(take_val(splits, train));
  else
    found.splits[1] = samples_of(take_fifth(train));
  found.splits[0] = samples_of(std::move(train));
  found.splits[2] = samples_of(find_cases(root / "imagesTs", root / "labelsTs", about.files, labels, found.warnings));
  require_samples(found, root, kNnunet.name);
  return found;
}

}  // namespace

const DataFormat kNnunet{"nnU-Net", "dataset.json, imagesTr/ and labelsTr/", is_nnunet, open_nnunet};

}  // namespace inlay
