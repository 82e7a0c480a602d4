// COCO panoptic (Kirillov et al., CVPR 2019): annotations/panoptic_*.json beside a folder of PNG whose colours are
// segment numbers, R + 256 G + 65536 B; 0 is no segment, and ignored. The classes are the categories in the order of
// their ids, things and stuff alike; crowds are ignored.
#include <algorithm>
#include <unordered_map>

#include "base/fail.h"
#include "data/formats/class_tables.h"
#include "data/formats/coco_files.h"
#include "data/formats/json_file.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

struct Segments {
  std::string file;                                                // the PNG's name
  std::unordered_map<std::int32_t, std::int64_t> categories = {};  // -1 for crowds
};

struct Listing {
  fs::path json;
  std::map<std::int64_t, std::string> images, categories;  // by id
  std::map<std::int64_t, Segments> segments;               // by the image's id
};

void add_segments(const Json& json, std::int64_t place, Listing& listing) {
  const std::string where = fmt::format("'{}', annotation {}", listing.json.string(), place);
  Segments& segments = listing.segments[value_at<std::int64_t>(json, "image_id", where)];
  segments.file = value_at<std::string>(json, "file_name", where);
  const auto list = json.find("segments_info");
  if (list == json.end() || !list->is_array()) fail_input("{}: there is no list 'segments_info'", where);
  for (const Json& segment : *list) {
    const std::int64_t id = value_at<std::int64_t>(segment, "id", where);
    if (id < 1 || id > 0xffffff) fail_input("{}: the segment number {} is not in 1..16777215", where, id);
    const std::int64_t category = value_at<std::int64_t>(segment, "category_id", where);
    segments.categories[static_cast<std::int32_t>(id)] = value_or(segment, "iscrowd", false, where) ? -1 : category;
  }
}

Listing read_listing(const fs::path& json) {
  Listing listing{json, {}, {}, {}};
  for_each_listed(json, [&](const std::string& key, std::int64_t place, const Json& object) {
    const std::string where = fmt::format("'{}', {} {}", json.string(), key, place);
    if (key == "images")
      listing.images[value_at<std::int64_t>(object, "id", where)] = value_at<std::string>(object, "file_name", where);
    if (key == "categories")
      listing.categories[value_at<std::int64_t>(object, "id", where)] = value_at<std::string>(object, "name", where);
    if (key == "annotations") add_segments(object, place, listing);
  });
  if (listing.categories.empty() || listing.categories.size() > 255)
    fail_input("'{}' has {} categories, expected 1 to 255", json.string(), listing.categories.size());
  return listing;
}

// The PNG's colours as read_raw_mask() packs them, to labels.
LabelMap labels_of(const Segments& segments, const Listing& listing) {
  LabelMap map;
  map.colors[0] = kIgnore;
  for (const auto& [id, category] : segments.categories) {
    const std::int32_t packed = (id & 255) << 16 | (id & 0xff00) | id >> 16;
    const auto place = listing.categories.find(category);
    if (category >= 0 && place == listing.categories.end())
      fail_input("'{}': a segment of '{}' is of category {}, which is not listed", listing.json.string(), segments.file,
                 category);
    map.colors[packed] =
        category < 0 ? kIgnore : static_cast<std::int16_t>(std::distance(listing.categories.begin(), place));
  }
  return map;
}

void add_samples(const fs::path& root, const CocoFile& file, const std::shared_ptr<const Listing>& listing,
                 FoundSet& found) {
  std::vector<fs::path> folders = image_folders(root, file);
  const fs::path masks = file.json.parent_path() / file.json.stem();
  std::size_t missing = 0;
  std::error_code code;
  for (const auto& [id, segments] : listing->segments) {
    const auto name = listing->images.find(id);
    const fs::path image = name == listing->images.end() ? fs::path() : find_in(folders, name->second);
    const fs::path mask = masks / segments.file;
    if (image.empty() || !fs::exists(mask, code)) {
      ++missing;
      continue;
    }
    found.splits[file.split].push_back(
        {{image.stem().string(), image, mask},
         [image] { return read_image(image); },
         [listing, mask, at = &segments] { return labels_of(*at, *listing).apply(read_raw_mask(mask), mask); }});
  }
  if (missing > 0)
    found.warnings.push_back(fmt::format("{} of the {} annotations of '{}' have no image or no PNG", missing,
                                         listing->segments.size(), listing->json.string()));
}

bool is_panoptic(const fs::path& root) { return coco_files(root).empty() && !panoptic_files(root).empty(); }

FoundSet open_panoptic(const fs::path& root) {
  FoundSet found;
  std::map<std::int64_t, std::string> categories;
  for (const CocoFile& file : panoptic_files(root)) {
    const auto listing = std::make_shared<const Listing>(read_listing(file.json));
    if (!categories.empty() && listing->categories != categories)
      fail_input("'{}' has other categories than the file before it", file.json.string());
    categories = listing->categories;
    add_samples(root, file, listing, found);
  }
  std::vector<std::string> names;
  for (const auto& [id, name] : categories) names.push_back(name);
  found.classes = named_classes(std::move(names), false);
  for (auto& samples : found.splits)
    std::ranges::stable_sort(samples, {}, [](const SampleSource& one) { return one.paths.name; });
  require_samples(found, root, kPanoptic.name);
  return found;
}

}  // namespace

const DataFormat kPanoptic{"COCO panoptic", "annotations/panoptic_*.json with a folder of that name", is_panoptic,
                           open_panoptic};

}  // namespace inlay
