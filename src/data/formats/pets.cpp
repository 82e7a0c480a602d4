// Oxford-IIIT Pets (Parkhi et al., CVPR 2012): images/, annotations/trimaps/ and the lists annotations/trainval.txt and
// annotations/test.txt, whose lines start with a name. In a trimap 1 is the animal, 2 the background, and 3, the border
// between them, was not classified.
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool is_pets(const fs::path& root) {
  std::error_code code;
  return fs::is_directory(root / "annotations/trimaps", code) && fs::is_directory(root / "images", code);
}

std::vector<Line> names_in(const fs::path& list) {
  std::vector<Line> names;
  for (Line& line : lines_of(list))
    if (line.text[0] != '#') names.push_back({line.text.substr(0, line.text.find_first_of(" \t")), line.number});
  return names;
}

FoundSet open_pets(const fs::path& root) {
  LabelMap map;
  map.values[1] = 1;
  map.values[2] = 0;
  map.values[3] = kIgnore;
  const auto labels = std::make_shared<const LabelMap>(std::move(map));
  const Files images = pictures_in(root / "images"), masks = pictures_in(root / "annotations/trimaps");
  FoundSet found{two_classes("background", "pet"), {}, {}};
  std::error_code code;
  bool listed = false;
  constexpr std::array<std::pair<const char*, std::size_t>, 3> kLists{
      {{"annotations/trainval.txt", 0}, {"annotations/val.txt", 1}, {"annotations/test.txt", 2}}};
  for (const auto& [name, split] : kLists) {
    const fs::path list = root / name;
    if (!fs::exists(list, code)) continue;
    listed = true;
    found.splits[split] = listed_samples(list, names_in(list), images, masks, labels, found.warnings);
  }
  if (!listed) found.splits[0] = all_samples(images, masks, labels, found.warnings);
  require_samples(found, root, kPets.name);
  return found;
}

}  // namespace

const DataFormat kPets{"Oxford-IIIT Pets", "images/ and annotations/trimaps/", is_pets, open_pets};

}  // namespace inlay
