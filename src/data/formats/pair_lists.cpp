// train.txt, val.txt and test.txt with the paths of an image and its mask on every line: CamVid of the SegNet tutorial
// (Badrinarayanan et al., 2017), whose masks in trainannot/ hold 11 classes and 11 for what is none; and other sets
// listed in the same way, whose values mean what those in a plain folder do.
#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "base/fail.h"
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listing.h"
#include "data/formats/sources.h"
#include "data/labelling.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::array kLists{"train.txt", "val.txt", "test.txt"};

struct Entry {
  fs::path image, mask;
};

// The two paths of a line; false when it holds anything else. Blanks within paths are not foreseen by these lists.
bool split_line(const std::string& text, Entry& entry) {
  std::istringstream words(text);
  std::string image, mask, more;
  if (!(words >> image >> mask) || words >> more) return false;
  entry = {image, mask};
  return has_image_extension(entry.image) && has_image_extension(entry.mask);
}

bool is_pair_list(const fs::path& root) {
  std::ifstream list(root / "train.txt");
  Entry entry;
  for (std::string line; std::getline(list, line);)
    if (line.find_first_not_of(" \t\r") != std::string::npos) return split_line(line, entry);
  return false;
}

// The file as it is written, or below `root` without the folders of the machine that the list was made on:
// /SegNet/CamVid/train/x.png is ROOT/train/x.png. Empty when it is nowhere.
fs::path find_file(const fs::path& root, const fs::path& written) {
  std::error_code code;
  if (written.is_absolute() && fs::exists(written, code)) return written;
  for (fs::path rest = written.relative_path(); !rest.empty();) {
    if (fs::exists(root / rest, code)) return root / rest;
    fs::path shorter;
    for (auto part = std::next(rest.begin()); part != rest.end(); ++part) shorter /= *part;
    rest = shorter;
  }
  return {};
}

std::vector<Entry> read_list(const fs::path& root, const fs::path& list, std::vector<std::string>& warnings) {
  std::vector<Entry> entries;
  std::size_t missing = 0;
  std::string first;
  for (const Line& line : lines_of(list)) {
    Entry entry;
    if (!split_line(line.text, entry))
      fail_input("'{}', line {}: expected the paths of an image and its mask, found '{}'", list.string(), line.number,
                 line.text.substr(0, 80));
    const Entry files{find_file(root, entry.image), find_file(root, entry.mask)};
    if (!files.image.empty() && !files.mask.empty()) {
      entries.push_back(files);
      continue;
    }
    if (missing++ == 0)
      first = fmt::format("line {}, '{}'", line.number, (files.image.empty() ? entry.image : entry.mask).string());
  }
  if (missing > 0)
    warnings.push_back(
        fmt::format("{} lines of '{}' name files that are not there (the first: {})", missing, list.string(), first));
  std::ranges::sort(entries, {}, [](const Entry& entry) { return entry.image.stem(); });
  return entries;
}

bool is_camvid(const std::array<std::vector<Entry>, 3>& splits) {
  for (const auto& entries : splits)
    for (const Entry& entry : entries)
      if (entry.mask.parent_path().filename().string().ends_with("annot")) return true;
  return false;
}

Labelling camvid_labels() {
  Labelling labelling{camvid_classes(), labels_in_order(11), {}};
  labelling.labels.values[11] = kIgnore;
  return labelling;
}

FoundSet open_pair_lists(const fs::path& root) {
  std::array<std::vector<Entry>, 3> splits;
  FoundSet found;
  std::error_code code;
  for (std::size_t i = 0; i < kLists.size(); ++i)
    if (fs::exists(root / kLists[i], code)) splits[i] = read_list(root, root / kLists[i], found.warnings);
  if (std::ranges::all_of(splits, [](const auto& entries) { return entries.empty(); }))
    fail_input("none of the files that '{}' lists is there; the paths are looked for below '{}'",
               (root / kLists[0]).string(), root.string());
  const ClassFile file = read_class_file(root);
  std::vector<Page> masks;
  for (const auto& entries : splits)
    for (const Entry& entry : entries) masks.push_back({entry.mask});
  Labelling labelling = file.entries.empty() && is_camvid(splits) ? camvid_labels() : resolve_labels(file, masks);
  found.classes = std::move(labelling.classes);
  found.warnings.insert(found.warnings.end(), labelling.warnings.begin(), labelling.warnings.end());
  const auto labels = std::make_shared<const LabelMap>(std::move(labelling.labels));
  for (std::size_t i = 0; i < splits.size(); ++i)
    for (const Entry& entry : splits[i])
      found.splits[i].push_back(file_source(entry.image.stem().string(), {entry.image}, {entry.mask}, labels));
  return found;
}

}  // namespace

const DataFormat kPairLists{"CamVid lists", "train.txt with an image's and its mask's path on every line", is_pair_list,
                            open_pair_lists};

}  // namespace inlay
