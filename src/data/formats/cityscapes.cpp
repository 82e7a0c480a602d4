// Cityscapes (Cordts et al., CVPR 2016): leftImg8bit/SPLIT/CITY/NAME_leftImg8bit.png and
// gtFine/SPLIT/CITY/NAME_gtFine_labelIds.png, whose ids become the train ids of the 19 classes that are evaluated; or
// NAME_gtFine_labelTrainIds.png, which hold these already.
#include <array>

#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kImage = "_leftImg8bit";

bool is_cityscapes(const fs::path& root) {
  std::error_code code;
  return fs::is_directory(root / "leftImg8bit", code) && fs::is_directory(root / "gtFine", code);
}

// The ids of cityscapesScripts' labels.py; those that are not evaluated are ignored, the licence plate's -1 among them.
LabelMap by_id() {
  constexpr std::array<std::uint16_t, 19> kIds{7,  8,  11, 12, 13, 17, 19, 20, 21, 22,
                                               23, 24, 25, 26, 27, 28, 31, 32, 33};
  LabelMap map;
  for (std::size_t id = 0; id <= 33; ++id) map.values[id] = kIgnore;
  map.values[255] = kIgnore;
  for (std::size_t i = 0; i < kIds.size(); ++i) map.values[kIds[i]] = static_cast<std::int16_t>(i);
  return map;
}

struct Labels {
  std::shared_ptr<const LabelMap> by_id, by_train_id;
};

std::vector<SampleSource> samples_of(const fs::path& root, const char* split, const Labels& labels,
                                     std::vector<std::string>& warnings) {
  std::vector<SampleSource> samples;
  std::size_t missing = 0;
  std::error_code code;
  for (const fs::path& city : entries_or_none(root / "leftImg8bit" / split))
    for (const auto& [stem, image] : pictures_in(city)) {
      if (!stem.ends_with(kImage)) continue;
      const std::string name = stem.substr(0, stem.size() - kImage.size());
      const fs::path folder = root / "gtFine" / split / city.filename();
      const fs::path train_ids = folder / (name + "_gtFine_labelTrainIds.png"),
                     ids = folder / (name + "_gtFine_labelIds.png");
      if (fs::exists(train_ids, code))
        samples.push_back(file_source(name, {image}, {train_ids}, labels.by_train_id));
      else if (fs::exists(ids, code))
        samples.push_back(file_source(name, {image}, {ids}, labels.by_id));
      else
        ++missing;
    }
  if (missing > 0)
    warnings.push_back(std::to_string(missing) + " images of '" + (root / "leftImg8bit" / split).string() +
                       "' have no *_gtFine_labelIds.png or *_gtFine_labelTrainIds.png and are not used");
  return samples;
}

FoundSet open_cityscapes(const fs::path& root) {
  const Labels labels{std::make_shared<const LabelMap>(by_id()), std::make_shared<const LabelMap>(labels_in_order(19))};
  FoundSet found{cityscapes_classes(), {}, {}};
  constexpr std::array kSplits{"train", "val", "test"};
  for (std::size_t i = 0; i < kSplits.size(); ++i)
    found.splits[i] = samples_of(root, kSplits[i], labels, found.warnings);
  require_samples(found, root, kCityscapes.name);
  return found;
}

}  // namespace

const DataFormat kCityscapes{"Cityscapes", "leftImg8bit/ and gtFine/", is_cityscapes, open_cityscapes};

}  // namespace inlay
