// The same picture in two parts: the score measures what was learnt by heart then.
#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {
namespace {

Finding::Place place_of(const Look& image, const Look& of) {
  return {image.paths.image,
          fmt::format("{} image, as '{}' ({})", to_string(image.split), of.paths.image.string(), to_string(of.split))};
}

}  // namespace

std::vector<Duplicate> find_duplicates(const Survey& survey) {
  std::vector<Duplicate> out;
  const auto& looks = survey.looks;
  for (std::size_t i = 0; i < looks.size(); ++i) {
    if (looks[i].split == Split::train || !looks[i].image_problem.empty() || looks[i].constant) continue;
    std::optional<Duplicate> found;
    for (std::size_t k = 0; k < looks.size() && !(found && found->exact); ++k) {
      if (looks[k].split != Split::train || !looks[k].image_problem.empty()) continue;
      if (looks[i].fingerprint.exact == looks[k].fingerprint.exact)
        found = Duplicate{i, k, true};
      else if (!found && nearly_same(looks[i].fingerprint, looks[k].fingerprint))
        found = Duplicate{i, k, false};
    }
    if (found) out.push_back(*found);
  }
  return out;
}

void check_duplicates(const Survey& survey, std::vector<Finding>& findings) {
  Finding exact{"duplicates",
                FindingLevel::warning,
                "validation or test images are training images too",
                "take them out of one part: scores on them say nothing",
                {}};
  Finding near{
      "near-duplicates",
      FindingLevel::warning,
      "validation or test images are nearly training images",
      "look at both; frames of one video and slices of one stack belong in one part: --val-last, or 'inlay data "
      "split --group-by'",
      {}};
  for (const Duplicate& found : find_duplicates(survey))
    (found.exact ? exact : near).places.push_back(place_of(survey.looks[found.image], survey.looks[found.of]));
  Finding twice{"repeated-images",
                FindingLevel::note,
                "training images are there more than once",
                "keep one of each, unless they shall count more",
                {}};
  std::unordered_map<std::uint64_t, std::size_t> first;
  for (std::size_t i = 0; i < survey.looks.size(); ++i) {
    const Look& look = survey.looks[i];
    if (look.split != Split::train || !look.image_problem.empty() || look.constant) continue;
    const auto [known, added] = first.emplace(look.fingerprint.exact, i);
    if (!added) twice.places.push_back(place_of(look, survey.looks[known->second]));
  }
  for (Finding* finding : {&exact, &near, &twice}) add_found(std::move(*finding), findings);
}

}  // namespace inlay
