// CamVid with 32 colours (Brostow et al., 2009): label_colors.txt with lines "r g b name", and masks named like their
// image with _L behind, in LabeledApproved_full/ or wherever such files are. Also as Kaggle has it: class_dict.csv,
// with train/ and train_labels/, val/ and val_labels/, ...
#include <algorithm>
#include <array>
#include <sstream>

#include "base/fail.h"
#include "data/class_file.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "data/labelling.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMask = "_L";

fs::path colors_of(const fs::path& root) {
  std::error_code code;
  for (const char* name : {"label_colors.txt", "class_dict.csv"})
    if (fs::exists(root / name, code)) return root / name;
  return {};
}

bool is_camvid(const fs::path& root) { return !colors_of(root).empty(); }

// "64 128 64 Animal", or "Animal,64,128,64" below a heading.
ClassEntry parse_line(const Line& line, bool named_first, const fs::path& file) {
  std::string text = line.text;
  std::ranges::replace(text, ',', ' ');
  std::istringstream words(text);
  ClassEntry entry;
  std::array<int, 3> color{};
  if (named_first) words >> entry.name;
  words >> color[0] >> color[1] >> color[2];
  if (!named_first) words >> entry.name;
  const bool in_range = std::ranges::all_of(color, [](int v) { return v >= 0 && v <= 255; });
  if (words.fail() || !in_range)
    fail_input("'{}', line {}: expected {}, found '{}'", file.string(), line.number,
               named_first ? "'name,r,g,b'" : "'r g b name'", line.text.substr(0, 80));
  entry.color.emplace();
  std::ranges::transform(color, entry.color->begin(), [](int v) { return static_cast<std::uint8_t>(v); });
  entry.ignored = is_ignored_name(entry.name);
  return entry;
}

ClassFile read_colors(const fs::path& file) {
  const bool named_first = file.extension() == ".csv";
  ClassFile classes;
  const std::vector<Line> lines = lines_of(file);
  for (std::size_t i = named_first ? 1 : 0; i < lines.size(); ++i)
    classes.entries.push_back(parse_line(lines[i], named_first, file));
  if (classes.entries.empty() || classes.entries.size() > 255)
    fail_input("'{}' names {} classes, expected 1 to 255", file.string(), classes.entries.size());
  return classes;
}

struct Pictures {
  Files images, masks;  // masks: by the image's stem
};

void add_folder(const fs::path& folder, Pictures& pictures) {
  for (const auto& [stem, path] : pictures_in(folder))
    if (stem.ends_with(kMask))
      pictures.masks.emplace(stem.substr(0, stem.size() - kMask.size()), path);
    else
      pictures.images.emplace(stem, path);
}

FoundSet open_camvid(const fs::path& root) {
  const ClassFile file = read_colors(colors_of(root));
  Labelling labelling = resolve_labels(file, {});
  const auto labels = std::make_shared<const LabelMap>(std::move(labelling.labels));
  FoundSet found{std::move(labelling.classes), {}, {}};
  constexpr std::array kSplits{"train", "val", "test"};
  std::error_code code;
  const bool named = fs::is_directory(root / "train", code);
  for (std::size_t i = 0; i < (named ? kSplits.size() : 1); ++i) {
    Pictures pictures;
    if (named) {
      add_folder(root / kSplits[i], pictures);
      add_folder(root / (std::string(kSplits[i]) + "_labels"), pictures);
      add_folder(root / (std::string(kSplits[i]) + "annot"), pictures);
    } else {
      for (const fs::path& folder : entries_of(root)) add_folder(folder, pictures);
    }
    found.splits[i] = all_samples(pictures.images, pictures.masks, labels, found.warnings);
  }
  require_samples(found, root, kCamvid.name);
  return found;
}

}  // namespace

const DataFormat kCamvid{"CamVid", "label_colors.txt or class_dict.csv, and masks NAME_L.png", is_camvid, open_camvid};

}  // namespace inlay
