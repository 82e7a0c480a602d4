#include <set>

#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

// Grey and colour are made of each other; other numbers are not.
void check_channels(const Survey& survey, std::vector<Finding>& findings) {
  std::set<std::int64_t> counts;
  for (const Look& look : survey.looks)
    if (look.image_problem.empty() && look.channels > 0) counts.insert(look.channels);
  const bool plain = std::ranges::all_of(counts, [](std::int64_t count) { return count == 1 || count == 3; });
  if (counts.size() < 2 || plain) return;
  Finding finding{"channels",
                  FindingLevel::error,
                  "images have different numbers of channels",
                  "keep the images of one kind; only grey and colour are made of each other",
                  {}};
  for (std::int64_t count : counts) {
    const auto first = std::ranges::find(survey.looks, count, &Look::channels);
    finding.places.push_back({first->paths.image, fmt::format("the first with {}", count)});
  }
  findings.push_back(std::move(finding));
}

}  // namespace inlay
