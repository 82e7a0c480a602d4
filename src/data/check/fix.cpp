#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/fail.h"
#include "base/files.h"
#include "base/output_folder.h"
#include "data/check/checks.h"
#include "data/unknown_labels.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

void check_output(const fs::path& path, const fs::path& output) {
  require_empty(output);
  const fs::path inside = fs::absolute(output).lexically_normal(), root = fs::absolute(path).lexically_normal() / "";
  if (inside.string().starts_with(root.lexically_normal().string()))
    fail_input("'{}' lies in the data set; choose a folder outside of it", output.string());
}

bool same_proportions(const Look& look) {
  const double ratio = static_cast<double>(look.height) * static_cast<double>(look.mask_width) /
                       (static_cast<double>(look.width) * static_cast<double>(look.mask_height));
  return std::abs(ratio - 1.0) < 0.02;
}

class Copy {
 public:
  Copy(const Survey& survey, fs::path output) : survey_(survey), output_(std::move(output)) {
    for (const Look& look : survey.looks) ++uses_[look.paths.image];
    for (const Duplicate& found : find_duplicates(survey)) repeated_.emplace(found.image, found.of);
  }

  FixReport run() {
    for (std::size_t i = 0; i < survey_.looks.size(); ++i) add(i);
    if (report_.images == 0) fail_input("nothing in '{}' can be used; there is nothing to copy", survey_.root.string());
    write_classes();
    return std::move(report_);
  }

 private:
  /// Empty when the sample can be used.
  std::string why_not(const Look& look) const {
    if (!look.image_problem.empty()) return look.image_problem;
    const bool marked = look.unknown > 0 && look.ignored < look.mask_height * look.mask_width;
    if (!look.mask_problem.empty() && !marked) return look.mask_problem;
    if (!look.fits() && !same_proportions(look))
      return fmt::format("the image '{}' has {}x{} pixels and its mask {}x{}: other proportions",
                         look.paths.image.string(), look.height, look.width, look.mask_height, look.mask_width);
    return "";
  }

  void add(std::size_t i) {
    const Look& look = survey_.looks[i];
    if (std::string reason = why_not(look); !reason.empty()) {
      report_.left.push_back("left out: " + reason);
      return;
    }
    if (const auto found = repeated_.find(i); found != repeated_.end()) {
      report_.done.push_back(fmt::format("left out the {} image '{}': '{}' is a training image", to_string(look.split),
                                         look.paths.image.string(), survey_.looks[found->second].paths.image.string()));
      return;
    }
    const fs::path place = output_ / to_string(look.split);
    const std::string name = free_name(look);
    copy_image(static_cast<std::int64_t>(i), look, place / "images", name);
    write_mask(place / "masks" / (name + ".png"), corrected_mask(static_cast<std::int64_t>(i), look),
               survey_.classes.colors);
    ++report_.images;
  }

  // Two images of one part may have one name where they come from different folders.
  std::string free_name(const Look& look) {
    std::string name = look.paths.name;
    std::ranges::replace(name, '/', '_');
    for (int number = 2; !taken_.emplace(look.split, name).second; ++number)
      name = fmt::format("{}_{}", look.paths.name, number);
    return name;
  }

  /// The file itself where it holds this picture alone.
  void copy_image(std::int64_t i, const Look& look, const fs::path& folder, const std::string& name) const {
    const fs::path& file = look.paths.image;
    if (uses_.at(file) == 1 && has_image_extension(file)) {
      write_file(folder / (name + file.extension().string()), read_file(file));
      return;
    }
    const bool png = (look.channels == 1 || look.channels == 3) && look.bits <= 16;
    write_image(folder / (name + (png ? ".png" : ".tif")), survey_.dataset->read_image(Split::all, i));
  }

  /// Values that are no class are ignored.
  Mask known_labels(std::int64_t i, const Look& look) {
    try {
      return survey_.dataset->read_mask(Split::all, i);
    } catch (const UnknownLabels& error) {
      report_.done.push_back(fmt::format("marked {} of {} pixels as ignored: {}", error.pixels,
                                         look.mask_height * look.mask_width, error.what()));
      return error.mask;
    }
  }

  Mask corrected_mask(std::int64_t i, const Look& look) {
    Mask mask = known_labels(i, look);
    if (!look.fits()) {
      report_.done.push_back(fmt::format("resized the mask '{}' from {}x{} to {}x{}", look.paths.mask.string(),
                                         look.mask_height, look.mask_width, look.height, look.width));
      return resize(mask, look.height, look.width);
    }
    if (look.turned_mask)
      report_.done.push_back(fmt::format("turned the mask '{}' like its photograph", look.paths.mask.string()));
    if (look.unknown > 0 || !look.values || survey_.classes.size() != 2) return mask;
    if (look.values->between > 0 && look.values->between != look.classes[1])
      report_.done.push_back(fmt::format("cut the smooth edges of the mask '{}'", look.paths.mask.string()));
    else if (look.values->white > 0 && look.ignored == 0)
      report_.done.push_back(
          fmt::format("wrote class indices for 0 and 255 in the mask '{}'", look.paths.mask.string()));
    return mask;
  }

  void write_classes() const {
    std::string text;
    for (std::size_t c = 0; c < survey_.classes.names.size(); ++c) {
      const Color& color = survey_.classes.colors[c];
      text += fmt::format("{} {} {} {} {}\n", c, survey_.classes.names[c], color[0], color[1], color[2]);
    }
    if (std::ranges::any_of(survey_.looks, [](const Look& look) { return look.ignored > 0; })) text += "255 ignored\n";
    write_file(output_ / "classes.txt", text);
  }

  const Survey& survey_;
  fs::path output_;
  FixReport report_;
  std::map<fs::path, int> uses_;
  std::map<std::size_t, std::size_t> repeated_;
  std::set<std::pair<Split, std::string>> taken_;
};

}  // namespace

FixReport fix_dataset(const fs::path& path, const fs::path& output, const DatasetOptions& options) {
  check_output(path, output);
  const Survey found = survey(path, options);
  if (!found.dataset) fail_input("{}", found.open_problem);
  if (!found.label_problem.empty()) fail_input("{}", found.label_problem);
  const OutputFolder claim(output);
  FixReport report = Copy(found, output).run();
  for (const std::string& warning : found.warnings)
    if (warning.find(" has no mask ") != std::string::npos || warning.find(" has no image ") != std::string::npos)
      report.done.push_back("left out: " + warning);
  return report;
}

}  // namespace inlay
