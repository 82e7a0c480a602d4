#include "data/check/checks.h"

namespace inlay {

void check_leaks(const Survey& survey, std::vector<Finding>& findings) {
  Finding finding{"label-leak",
                  FindingLevel::warning,
                  "images show their own mask",
                  "use the pictures as they were before labelling: the network would learn to read the mask off them",
                  {}};
  for (const Look& look : survey.looks)
    if (!look.leak.what.empty()) finding.places.push_back({look.paths.image, look.leak.what});
  add_found(std::move(finding), findings);
}

}  // namespace inlay
