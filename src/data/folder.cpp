#include "data/folder.h"

#include <algorithm>
#include <map>

#include "base/fail.h"
#include "data/formats/listing.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, fs::path>;  // stem -> path

Files pictures_in(const fs::path& folder, const std::string& suffix, std::vector<std::string>& warnings) {
  Files files;
  for (const fs::path& path : entries_of(folder)) {
    const std::string name = path.filename().string();
    if (name.starts_with('.') || !has_image_extension(path) || !name.ends_with(suffix)) continue;
    const std::string stem = suffix.empty() ? path.stem().string() : name.substr(0, name.size() - suffix.size());
    const auto [known, added] = files.emplace(stem, path);
    if (!added)
      warnings.push_back(
          fmt::format("'{}' is not used: '{}' has the same stem", path.string(), known->second.filename().string()));
  }
  return files;
}

// One sample, or one for every page of a mask that is a stack.
void add_pages(const std::string& stem, const fs::path& image, const fs::path& mask, std::vector<FilePair>& pairs) {
  const std::int64_t pages = count_pages(mask);
  if (pages == 1) return pairs.push_back({stem, {image, 0}, {mask, 0}});
  const std::int64_t pictures = count_pages(image);
  if (pages != pictures)
    fail_input("the image '{}' has {} pages and its mask '{}' {}; they must be as many", image.string(), pictures,
               mask.string(), pages);
  for (std::int64_t page = 0; page < pages; ++page)
    pairs.push_back({page_name(stem, page, pages), {image, page}, {mask, page}});
}

bool is_tiff(const fs::path& path) { return has_extension(path, {".tif", ".tiff"}); }

void pair_up(const Files& images, const Files& masks, const fs::path& mask_folder, std::vector<FilePair>& pairs,
             std::vector<std::string>& warnings) {
  for (const auto& [stem, image] : images) {
    const auto mask = masks.find(stem);
    if (mask != masks.end() && is_tiff(mask->second))
      add_pages(stem, image, mask->second, pairs);
    else if (mask != masks.end())
      pairs.push_back({stem, {image, 0}, {mask->second, 0}});
    else
      warnings.push_back(
          fmt::format("the image '{}' has no mask '{}.*' in '{}'", image.string(), stem, mask_folder.string()));
  }
  for (const auto& [stem, mask] : masks)
    if (!images.contains(stem))
      warnings.push_back(fmt::format("the mask '{}' has no image '{}.*'", mask.string(), stem));
}

void add_pairs(const fs::path& images, const fs::path& masks, const ClassFile& file, std::vector<FilePair>& pairs,
               std::vector<std::string>& warnings) {
  const Files pictures = pictures_in(images, file.image_suffix, warnings);
  if (!fs::is_directory(masks)) {
    warnings.push_back(fmt::format("the folder '{}' is missing: the {} images in '{}' are not used", masks.string(),
                                   pictures.size(), images.string()));
    return;
  }
  pair_up(pictures, pictures_in(masks, file.mask_suffix, warnings), masks, pairs, warnings);
}

struct Place {
  fs::path images, masks;
};

// The layouts that name the split.
std::vector<Place> places_of(const fs::path& root, const ClassFile& file, std::string_view split) {
  std::vector<Place> places;
  for (const Place& place : {Place{root / split / file.images, root / split / file.masks},
                             Place{root / file.images / split, root / file.masks / split}})
    if (fs::is_directory(place.images)) places.push_back(place);
  return places;
}

[[noreturn]] void fail_empty(const fs::path& root, const ClassFile& file, const std::vector<std::string>& warnings) {
  if (!warnings.empty())
    fail_input("'{}' holds no pair of image and mask:\n  {}", root.string(), fmt::join(warnings, "\n  "));
  fail_input(
      "'{0}' holds no pair of image and mask; expected {1}/ and {2}/, or train/{1}/ and train/{2}/, or {1}/train/ and "
      "{2}/train/, with the same file names in both; found: {3}",
      root.string(), file.images, file.masks, list_of_entries(root));
}

}  // namespace

Folder find_pairs(const fs::path& root, const ClassFile& file) {
  constexpr std::array<std::string_view, 3> kSplits{"train", "val", "test"};
  Folder folder;
  bool named = false;
  for (std::size_t i = 0; i < kSplits.size(); ++i)
    for (const Place& place : places_of(root, file, kSplits[i])) {
      named = true;
      add_pairs(place.images, place.masks, file, folder.splits[i], folder.warnings);
    }
  if (!named && fs::is_directory(root / file.images))
    add_pairs(root / file.images, root / file.masks, file, folder.splits[0], folder.warnings);
  if (std::ranges::all_of(folder.splits, [](const auto& pairs) { return pairs.empty(); }))
    fail_empty(root, file, folder.warnings);
  return folder;
}

}  // namespace inlay
