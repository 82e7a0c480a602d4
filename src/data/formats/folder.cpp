// Plain folders of images and masks (inlay/dataset.h).
#include "data/folder.h"

#include <algorithm>

#include "data/formats/known.h"
#include "data/formats/sources.h"
#include "data/labelling.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool has_folders(const fs::path& root) {
  std::error_code code;
  if (fs::exists(root / "dataset.toml", code) || fs::is_directory(root / "images", code)) return true;
  return std::ranges::any_of(std::array{"train", "val", "test"},
                             [&](const char* split) { return fs::is_directory(root / split / "images", code); });
}

bool has_class_file(const fs::path& root) {
  std::error_code code;
  return fs::exists(root / "dataset.toml", code);
}

FoundSet open_folder(const fs::path& root) {
  const ClassFile file = read_class_file(root);
  Folder folder = find_pairs(root, file);
  std::vector<Page> masks;
  for (const auto& pairs : folder.splits)
    for (const FilePair& pair : pairs) masks.push_back(pair.mask);
  Labelling labelling = resolve_labels(file, masks);
  const auto labels = std::make_shared<const LabelMap>(std::move(labelling.labels));
  FoundSet found{std::move(labelling.classes), {}, std::move(folder.warnings)};
  for (std::size_t i = 0; i < found.splits.size(); ++i)
    for (FilePair& pair : folder.splits[i])
      found.splits[i].push_back(file_source(pair.name, std::move(pair.image), std::move(pair.mask), labels));
  found.warnings.insert(found.warnings.end(), labelling.warnings.begin(), labelling.warnings.end());
  return found;
}

}  // namespace

const DataFormat kDescribedFolder{"folder", "dataset.toml", has_class_file, open_folder};
const DataFormat kFolder{"folder",
                         "images/ and masks/, train/images/ and train/masks/, or images/train/ and masks/train/",
                         has_folders, open_folder};

}  // namespace inlay
