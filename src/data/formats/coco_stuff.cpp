// COCO-Stuff (Caesar et al., CVPR 2018) as pixel maps, stuffthingmaps_trainval2017.zip: a grey PNG for every image of
// train2017 and val2017, named like it. A value is the category's number less 1, 255 is what nobody labelled. The
// authors unpack it into annotations/ beside images/; many have it as stuffthingmaps/ beside COCO's own folders.
#include <algorithm>
#include <array>

#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSplits{"train2017", "val2017"};

// COCO names images by twelve digits, and so the maps; masks of one's own in such folders are another data set.
bool is_pixel_map(const fs::path& file) {
  const std::string stem = file.stem().string();
  return has_extension(file, {".png"}) && stem.size() == 12 &&
         std::ranges::all_of(stem, [](unsigned char c) { return std::isdigit(c); });
}

bool holds_pixel_maps(const fs::path& folder) {
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
    if (is_pixel_map(it->path())) return true;
  return false;
}

fs::path masks_of(const fs::path& root, const char* split) {
  for (const char* place : {"annotations", "stuffthingmaps", "annotations/stuffthingmaps", "images/stuffthingmaps",
                            "stuffthingmaps_trainval2017", "annotations/stuffthingmaps_trainval2017"})
    if (holds_pixel_maps(root / place / split)) return root / place / split;
  return {};
}

fs::path images_of(const fs::path& root, const char* split) {
  std::error_code code;
  const fs::path inner = root / "images" / split;
  return fs::is_directory(inner, code) ? inner : root / split;
}

bool is_coco_stuff(const fs::path& root) {
  return std::ranges::any_of(kSplits, [&](const char* split) { return !masks_of(root, split).empty(); });
}

// Eleven things of COCO's first list were never outlined (street sign, hat, shoe, eye glasses, plate, mirror, window,
// desk, door, blender, hair brush): no map holds them, and they are no classes.
LabelMap by_number() {
  constexpr std::array<std::size_t, 11> kNever{11, 25, 28, 29, 44, 65, 67, 68, 70, 82, 90};
  LabelMap map;
  std::int16_t label = 0;
  for (std::size_t value = 0; value <= 181; ++value)
    if (std::ranges::find(kNever, value) == kNever.end()) map.values[value] = label++;
  map.values[255] = kIgnore;
  return map;
}

FoundSet open_coco_stuff(const fs::path& root) {
  const auto labels = std::make_shared<const LabelMap>(by_number());
  FoundSet found{coco_stuff_classes(), {}, {}};
  for (std::size_t i = 0; i < kSplits.size(); ++i)
    if (const fs::path masks = masks_of(root, kSplits[i]); !masks.empty())
      found.splits[i] =
          all_samples(pictures_in(images_of(root, kSplits[i])), pictures_in(masks), labels, found.warnings);
  require_samples(found, root, kCocoStuff.name);
  return found;
}

}  // namespace

const DataFormat kCocoStuff{"COCO-Stuff", "annotations/train2017/*.png or stuffthingmaps/train2017/*.png",
                            is_coco_stuff, open_coco_stuff};

}  // namespace inlay
