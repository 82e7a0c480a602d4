#include "workflow/predict_inputs.h"

#include <glob.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/image.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> pictures_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && has_image_extension(entry.path())) files.push_back(entry.path());
  std::ranges::sort(files);
  if (files.empty())
    fail_input("the folder '{}' holds no picture; expected .png, .jpg, .tif, .bmp, .pnm or .webp", folder.string());
  return files;
}

std::vector<fs::path> matches_of(const std::string& pattern) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
  std::vector<fs::path> files;
  for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i)
    if (fs::is_regular_file(found.gl_pathv[i]) && has_image_extension(found.gl_pathv[i]))
      files.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  if (files.empty()) fail_input("no picture matches '{}'", pattern);
  return files;
}

std::vector<fs::path> expand(const std::string& input);

/// One input a line; empty lines and those that begin with # are left out.
std::vector<fs::path> listed_in(const fs::path& list) {
  std::vector<fs::path> files;
  std::istringstream lines(read_file(list));
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.pop_back();
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '@') fail_input("the list '{}' names the list '{}'; lists hold pictures", list.string(), line);
    for (fs::path& file : expand((list.parent_path() / line).string())) files.push_back(std::move(file));
  }
  if (files.empty()) fail_input("the list '{}' names no picture", list.string());
  return files;
}

std::vector<fs::path> expand(const std::string& input) {
  std::error_code code;
  if (fs::is_directory(input, code)) return pictures_in(input);
  if (fs::exists(input, code)) return {input};
  if (input.starts_with('@')) return listed_in(input.substr(1));
  if (input.find_first_of("*?[") != std::string::npos) return matches_of(input);
  fail_input("there is no '{}'; expected a picture, a folder, a pattern or a list (@FILE)", input);
}

fs::path real(const fs::path& path) {
  std::error_code code;
  const fs::path found = fs::weakly_canonical(path, code);
  if (code) fail_input("cannot use '{}': {}", path.string(), code.message());
  return found;
}

}  // namespace

std::vector<fs::path> expand_inputs(const std::vector<std::string>& inputs) {
  std::vector<fs::path> files;
  std::set<fs::path> seen;
  for (const std::string& input : inputs)
    for (const fs::path& file : expand(input))
      if (seen.insert(real(file)).second) files.push_back(file);
  return files;
}

void check_outputs(const std::vector<PlannedFiles>& plan, const fs::path& output) {
  std::set<fs::path> sources;
  for (const PlannedFiles& files : plan) sources.insert(real(files.input));
  std::map<fs::path, fs::path> writers;
  const fs::path folder = real(output);
  for (const auto& [input, names] : plan)
    for (const std::string& name : names) {
      const auto [other, fresh] = writers.emplace(folder / name, input);
      if (!fresh)
        fail_input("'{}' and '{}' would both be written to '{}'; rename one, or label them into two folders",
                   other->second.string(), input.string(), (output / name).string());
      if (sources.contains(folder / name))
        fail_input("'{}' would be overwritten by the labels of '{}'; choose another output folder",
                   (output / name).string(), input.string());
    }
}

}  // namespace inlay::workflow
