// PASCAL VOC 2007 to 2012 (Everingham et al., IJCV 2010): JPEGImages/, SegmentationClass/ with one palette for all, and
// ImageSets/Segmentation/ with a list for every split. Also what labelme exports by that name, with class_names.txt.
#include "base/fail.h"
#include "data/class_file.h"
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

// The folder itself, or the development kit around it.
fs::path place_of(const fs::path& root) {
  std::error_code code;
  for (const fs::path& place : {root, root / "VOC2012", root / "VOCdevkit/VOC2012"})
    if (fs::is_directory(place / "JPEGImages", code) &&
        (fs::is_directory(place / "SegmentationClass", code) || fs::is_directory(place / "SegmentationClassAug", code)))
      return place;
  return {};
}

bool is_voc(const fs::path& root) { return !place_of(root).empty(); }

struct Classes {
  ClassTable table;
  LabelMap labels;
};

void add_colors(Classes& classes) {
  for (std::int64_t i = 0; i < classes.table.size(); ++i) {
    const Color& color = classes.table.colors[static_cast<std::size_t>(i)];
    classes.labels.colors.emplace(color[0] << 16 | color[1] << 8 | color[2], static_cast<std::int16_t>(i));
  }
  const Color border = voc_color(kIgnore);
  classes.labels.colors.emplace(border[0] << 16 | border[1] << 8 | border[2], kIgnore);
}

// One name a line; labelme's __ignore__ has no number of its own.
Classes read_class_names(const fs::path& file) {
  std::vector<std::string> names;
  for (const Line& line : lines_of(file))
    if (line.text != "__ignore__") names.push_back(line.text == "_background_" ? "background" : line.text);
  if (names.empty() || names.size() > 255)
    fail_input("'{}' names {} classes, expected 1 to 255, one a line", file.string(), names.size());
  const auto count = static_cast<std::int64_t>(names.size());
  return {named_classes(std::move(names), true), labels_in_order(count)};
}

Classes classes_of(const fs::path& place) {
  std::error_code code;
  Classes classes{voc_classes(), labels_in_order(21)};
  if (fs::exists(place / "class_names.txt", code)) classes = read_class_names(place / "class_names.txt");
  add_colors(classes);
  return classes;
}

// The first list that is there; empty when none is.
fs::path list_of(const fs::path& place, std::initializer_list<const char*> names) {
  std::error_code code;
  for (const char* name : names)
    if (const fs::path list = place / "ImageSets/Segmentation" / name; fs::exists(list, code)) return list;
  return {};
}

FoundSet open_voc(const fs::path& root) {
  const fs::path place = place_of(root);
  std::error_code code;
  const bool plain = fs::is_directory(place / "SegmentationClass", code);
  const Files images = pictures_in(place / "JPEGImages"),
              masks = pictures_in(place / (plain ? "SegmentationClass" : "SegmentationClassAug"));
  Classes classes = classes_of(place);
  const auto labels = std::make_shared<const LabelMap>(std::move(classes.labels));
  FoundSet found{std::move(classes.table), {}, {}};
  const fs::path val = list_of(place, {"val.txt"});
  const std::array<fs::path, 3> lists{plain ? list_of(place, {"train.txt", val.empty() ? "trainval.txt" : "train.txt"})
                                            : list_of(place, {"trainaug.txt", "train_aug.txt", "train.txt"}),
                                      val, list_of(place, {"test.txt"})};
  bool listed = false;
  for (std::size_t i = 0; i < lists.size(); ++i)
    if (!lists[i].empty()) {
      listed = true;
      found.splits[i] = listed_samples(lists[i], lines_of(lists[i]), images, masks, labels, found.warnings);
    }
  if (!listed) found.splits[0] = all_samples(images, masks, labels, found.warnings);
  require_samples(found, root, kVoc.name);
  return found;
}

}  // namespace

const DataFormat kVoc{"PASCAL VOC", "JPEGImages/ and SegmentationClass/", is_voc, open_voc};

}  // namespace inlay
