#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

void check_empty_masks(const Survey& survey, std::vector<Finding>& findings) {
  Finding ignored{"ignored-masks",
                  FindingLevel::warning,
                  "masks hold ignored pixels only: nothing is learnt from them",
                  "label them, or leave the pairs out",
                  {}};
  Finding empty{"empty-masks",
                FindingLevel::note,
                "masks hold class 0 only",
                "right for pictures that show nothing; look at a few: inlay data info --sheet sheet.png",
                {}};
  std::int64_t usable = 0;
  for (const Look& look : survey.looks) {
    if (look.mask_height == 0) continue;
    ++usable;
    const std::int64_t all = look.mask_height * look.mask_width;
    if (look.ignored == all)
      ignored.places.push_back({look.paths.mask, ""});
    else if (look.classes[0] + look.ignored == all)
      empty.places.push_back({look.paths.mask, ""});
  }
  if (2 * std::ssize(empty.places) > usable) {
    empty.level = FindingLevel::warning;
    empty.text = fmt::format("more than half of the masks ({} of {}) hold class 0 only", empty.places.size(), usable);
  }
  add_found(std::move(ignored), findings);
  add_found(std::move(empty), findings);
}

}  // namespace inlay
