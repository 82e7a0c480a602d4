#include "workflow/inspect/inspect_request.h"

#include <algorithm>
#include <charconv>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "models/classes.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

std::int64_t find_class(const std::string& text, const std::vector<ModelClass>& classes) {
  const auto named = std::ranges::find(classes, text, &ModelClass::name);
  if (named != classes.end()) return named - classes.begin();
  std::int64_t index = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error == std::errc{} && end == text.data() + text.size() && index >= 0 && index < std::ssize(classes))
    return index;
  std::vector<std::string_view> names;
  for (const ModelClass& entry : classes) names.push_back(entry.name);
  fail_input("the model has no class '{}'; its classes are {} (0 to {}){}", text, fmt::join(names, ", "),
             classes.size() - 1, suggestion(text, names));
}

bool lies_in(const fs::path& file, const fs::path& folder) {
  std::error_code code;
  const fs::path inner = fs::weakly_canonical(file, code), outer = fs::weakly_canonical(folder, code);
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

}  // namespace

std::vector<ModelClass> classes_of(const Model& model) {
  std::vector<ModelClass> classes = model.info.classes;
  const std::vector<ModelClass> numbered = numbered_classes(model.out_channels());
  for (std::size_t i = classes.size(); i < numbered.size(); ++i) classes.push_back(numbered[i]);
  return classes;
}

std::vector<std::int64_t> chosen_classes(const InspectRequest& request, const std::vector<ModelClass>& classes) {
  std::vector<std::int64_t> indices;
  for (const std::string& text : request.classes) indices.push_back(find_class(text, classes));
  std::ranges::sort(indices);
  indices.erase(std::ranges::unique(indices).begin(), indices.end());
  return indices;
}

void check(const InspectRequest& request, const Image& picture) {
  constexpr std::int64_t kMost = 4096;
  if (request.channels < 1 || request.channels > kMost)
    fail_input("{} channels of a layer, expected 1 to {}", request.channels, kMost);
  if (const auto& pixel = request.pixel; pixel && (pixel->row < 0 || pixel->row >= picture.height() ||
                                                   pixel->column < 0 || pixel->column >= picture.width()))
    fail_input("the pixel {},{} lies outside of the picture: expected 0,0 to {},{} (row, column)", pixel->row,
               pixel->column, picture.height() - 1, picture.width() - 1);
}

void check_output(const InspectRequest& request) {
  const fs::path& folder = request.output;
  if (folder.empty()) fail_input("the name of the folder for the results is empty");
  std::error_code code;
  if (fs::exists(folder, code) && !fs::is_directory(folder, code))
    fail_input("'{}' is a file; expected a folder for the results", folder.string());
  for (const fs::path& file : {request.image, request.model})
    if (lies_in(file, folder))
      fail_input("'{}' lies in the folder for the results and could be overwritten; choose another folder",
                 file.string());
  if (!request.overwrite && fs::is_directory(folder, code) && !fs::is_empty(folder, code))
    fail_input("the folder '{}' holds files already; choose another, or say --overwrite", folder.string());
}

}  // namespace inlay::workflow
