#include "data/formats/coco_files.h"

#include <algorithm>
#include <fstream>

#include "data/formats/listing.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

// By the file's name, or by the folder that it lies in: "valid" is what some call val.
std::size_t split_of(const fs::path& json) {
  for (const std::string& name : {json.stem().string(), json.parent_path().filename().string()}) {
    if (name.find("val") != std::string::npos) return 1;
    if (name.find("test") != std::string::npos) return 2;
    if (name.find("train") != std::string::npos) return 0;
  }
  return 0;
}

CocoFile described(const fs::path& json) {
  const std::string stem = json.stem().string();
  const std::size_t line = stem.find('_', 1);
  return {json, split_of(json), line == std::string::npos ? stem : stem.substr(line + 1)};
}

std::vector<fs::path> json_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::path& path : entries_or_none(folder))
    if (has_extension(path, {".json"})) files.push_back(path);
  return files;
}

bool starts_with_any(const fs::path& file, std::initializer_list<std::string_view> starts) {
  const std::string name = file.filename().string();
  return std::ranges::any_of(starts, [&](std::string_view start) { return name.starts_with(start); });
}

// By its first bytes: an object that lists images or annotations, and shapes in no way.
bool lists_images(const fs::path& json) {
  std::string head(1 << 16, '\0');
  std::ifstream file(json, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string::npos || head[first] != '{' || head.find("\"shapes\"") != std::string::npos) return false;
  return head.find("\"images\"") != std::string::npos || head.find("\"annotations\"") != std::string::npos;
}

}  // namespace

std::vector<CocoFile> coco_files(const fs::path& root) {
  std::vector<fs::path> candidates;
  for (const fs::path& folder :
       {root / "annotations", root, root / "train", root / "valid", root / "val", root / "test"})
    for (const fs::path& json : json_in(folder))
      if (!starts_with_any(json, {"captions_", "person_keypoints_", "image_info_", "panoptic_", "dataset.json"}))
        candidates.push_back(json);
  for (std::string_view kind : {"instances_", "stuff_", ""}) {
    std::vector<CocoFile> files;
    for (const fs::path& json : candidates)
      if (json.filename().string().starts_with(kind) && lists_images(json)) files.push_back(described(json));
    if (!files.empty()) return files;
  }
  return {};
}

std::vector<CocoFile> panoptic_files(const fs::path& root) {
  std::vector<CocoFile> files;
  std::error_code code;
  for (const fs::path& folder : {root / "annotations", root})
    for (const fs::path& json : json_in(folder))
      if (starts_with_any(json, {"panoptic_"}) && fs::is_directory(folder / json.stem(), code))
        files.push_back(described(json));
  return files;
}

std::vector<fs::path> image_folders(const fs::path& root, const CocoFile& file) {
  const char* split = file.split == 0 ? "train" : file.split == 1 ? "val" : "test";
  const fs::path beside = file.json.parent_path();
  std::vector<fs::path> folders;
  std::error_code code;
  for (const fs::path& folder : {root / file.name, root / "images" / file.name, beside, beside / "images", root,
                                 root / "images", root / split, root / "images" / split})
    if (fs::is_directory(folder, code)) folders.push_back(folder);
  return folders;
}

fs::path find_in(std::vector<fs::path>& folders, const fs::path& file) {
  std::error_code code;
  for (std::size_t i = 0; i < folders.size(); ++i)
    if (fs::is_regular_file(folders[i] / file, code)) {
      std::rotate(folders.begin(), folders.begin() + static_cast<std::ptrdiff_t>(i),
                  folders.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      return folders.front() / file;
    }
  return {};
}

}  // namespace inlay
