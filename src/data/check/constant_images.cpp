#include "data/check/checks.h"

namespace inlay {

void check_constant_images(const Survey& survey, std::vector<Finding>& findings) {
  Finding finding{"constant-images",
                  FindingLevel::warning,
                  "images have one value everywhere",
                  "they show nothing; leave the pairs out",
                  {}};
  for (const Look& look : survey.looks)
    if (look.constant && look.height * look.width > 1) finding.places.push_back({look.paths.image, ""});
  add_found(std::move(finding), findings);
}

}  // namespace inlay
