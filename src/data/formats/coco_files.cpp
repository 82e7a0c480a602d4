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

// By its first and last bytes: an object that lists categories beside images or annotations, and shapes in no way.
bool lists_objects(const fs::path& json) {
  constexpr std::streamoff kEnd = 1 << 16;
  std::ifstream file(json, std::ios::binary | std::ios::ate);
  const std::streamoff size = file.tellg();
  std::string text;
  for (const std::streamoff start : {std::streamoff{0}, std::max(kEnd, size - kEnd)}) {
    if (start >= size) break;
    std::string part(static_cast<std::size_t>(std::min(kEnd, size - start)), '\0');
    file.seekg(start);
    file.read(part.data(), static_cast<std::streamsize>(part.size()));
    text += part;
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const auto names = [&](const char* key) { return text.find(key) != std::string::npos; };
  return first != std::string::npos && text[first] == '{' && !names("\"shapes\"") && names("\"categories\"") &&
         (names("\"images\"") || names("\"annotations\""));
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
      if (kind.empty() ? lists_objects(json) : json.filename().string().starts_with(kind))
        files.push_back(described(json));
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
