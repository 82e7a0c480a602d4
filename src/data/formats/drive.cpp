// DRIVE (Staal et al., 2004): training/images/21_training.tif, training/1st_manual/21_manual1.gif and
// training/mask/21_training_mask.gif, the same below test/; or images/, masks/ and fov/ with the same names in all.
// What lies outside of the field of view is ignored.
#include <algorithm>

#include "base/fail.h"
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool has_original_layout(const fs::path& root) {
  std::error_code code;
  return fs::is_directory(root / "training/images", code) && fs::is_directory(root / "training/1st_manual", code);
}

bool is_drive(const fs::path& root) {
  std::error_code code;
  return has_original_layout(root) || (fs::is_directory(root / "images", code) &&
                                       fs::is_directory(root / "masks", code) && fs::is_directory(root / "fov", code));
}

// Files by what comes before the first '_': "21_training", "21_manual1" and "21_training_mask" belong together.
Files by_number(const fs::path& folder) {
  Files files;
  for (const auto& [stem, path] : pictures_in(folder)) files.emplace(stem.substr(0, stem.find('_')), path);
  return files;
}

// True where a black and white picture is white.
std::vector<bool> white_in(const fs::path& file, Shape& shape) {
  const Image image = as_u8(with_channels(read_image(file), 1));
  shape = {image.height(), image.width()};
  auto pixels = image.pixels.data<std::uint8_t>();
  std::vector<bool> white;
  for (std::uint8_t value : pixels) white.push_back(value > 127);
  return white;
}

Mask vessels(const fs::path& manual, const fs::path& view) {
  Shape shape, view_shape;
  const std::vector<bool> white = white_in(manual, shape), seen = white_in(view, view_shape);
  if (shape != view_shape)
    fail_input("'{}' has {}x{} pixels and the field of view '{}' {}x{}; they must be of one size", manual.string(),
               shape[0], shape[1], view.string(), view_shape[0], view_shape[1]);
  Mask mask{Tensor(DType::u8, shape)};
  auto labels = mask.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = seen[i] ? std::uint8_t{white[i]} : kIgnore;
  return mask;
}

struct Folders {
  fs::path images, manual, view;
};

std::vector<SampleSource> samples_of(const Folders& folders, bool numbered, std::vector<std::string>& warnings) {
  const auto files_in = [numbered](const fs::path& folder) {
    return numbered ? by_number(folder) : pictures_in(folder);
  };
  const Files manuals = files_in(folders.manual), views = files_in(folders.view);
  std::vector<SampleSource> samples;
  for (const auto& [name, image] : files_in(folders.images)) {
    const auto manual = manuals.find(name), view = views.find(name);
    if (manual == manuals.end() || view == views.end()) {
      warnings.push_back(fmt::format("'{}' is not used: there is nothing for it in '{}'", image.string(),
                                     (manual == manuals.end() ? folders.manual : folders.view).string()));
      continue;
    }
    samples.push_back({{name, image, manual->second},
                       [image = image] { return read_image(image); },
                       [manual = manual->second, view = view->second] { return vessels(manual, view); }});
  }
  return samples;
}

FoundSet open_drive(const fs::path& root) {
  FoundSet found{two_classes("background", "vessel"), {}, {}};
  if (has_original_layout(root)) {
    const auto folders = [&](const char* split) {
      return Folders{root / split / "images", root / split / "1st_manual", root / split / "mask"};
    };
    found.splits[0] = samples_of(folders("training"), true, found.warnings);
    found.splits[2] = samples_of(folders("test"), true, found.warnings);
  } else {
    found.splits[0] = samples_of({root / "images", root / "masks", root / "fov"}, false, found.warnings);
  }
  require_samples(found, root, kDrive.name);
  return found;
}

}  // namespace

const DataFormat kDrive{"DRIVE", "training/images/ and training/1st_manual/, or images/, masks/ and fov/", is_drive,
                        open_drive};

}  // namespace inlay
