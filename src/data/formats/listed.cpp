#include "data/formats/listed.h"

#include <algorithm>

#include "base/fail.h"

namespace inlay {

std::vector<SampleSource> listed_samples(const std::filesystem::path& list, const std::vector<Line>& names,
                                         const Files& images, const Files& masks,
                                         const std::shared_ptr<const LabelMap>& labels,
                                         std::vector<std::string>& warnings) {
  std::vector<SampleSource> samples;
  const Line* first = nullptr;
  std::size_t missing = 0;
  for (const Line& line : names) {
    const auto image = images.find(line.text), mask = masks.find(line.text);
    if (image != images.end() && mask != masks.end()) {
      samples.push_back(file_source(line.text, {image->second}, {mask->second}, labels));
      continue;
    }
    ++missing;
    if (first == nullptr) first = &line;
  }
  if (missing > 0)
    warnings.push_back(fmt::format("{} of the {} names in '{}' have no image or no mask (the first: line {}, '{}')",
                                   missing, names.size(), list.string(), first->number, first->text));
  std::ranges::sort(samples, {}, [](const SampleSource& one) { return one.paths.name; });
  return samples;
}

std::vector<SampleSource> all_samples(const Files& images, const Files& masks,
                                      const std::shared_ptr<const LabelMap>& labels,
                                      std::vector<std::string>& warnings) {
  std::vector<SampleSource> samples;
  std::string first;
  for (const auto& [stem, image] : images) {
    const auto mask = masks.find(stem);
    if (mask != masks.end())
      samples.push_back(file_source(stem, {image}, {mask->second}, labels));
    else if (first.empty())
      first = image.string();
  }
  if (!first.empty())
    warnings.push_back(fmt::format("{} images have no mask and are not used (the first: '{}')",
                                   images.size() - samples.size(), first));
  return samples;
}

void require_samples(const FoundSet& found, const std::filesystem::path& root, std::string_view format) {
  if (std::ranges::any_of(found.splits, [](const auto& samples) { return !samples.empty(); })) return;
  std::string why;
  for (const std::string& warning : found.warnings) why += "\n  " + warning;
  fail_input("'{}' is laid out as {}, but holds no image with its labels{}", root.string(), format, why);
}

}  // namespace inlay
