#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

void check_sizes(const Survey& survey, std::vector<Finding>& findings) {
  Finding finding{"size-mismatch",
                  FindingLevel::error,
                  "images and their masks differ in size",
                  "export the masks again at the images' size; 'inlay data check --fix' resizes those of the same "
                  "proportions",
                  {}};
  for (const Look& look : survey.looks)
    if (look.readable() && look.mask_height > 0 && !look.fits())
      finding.places.push_back(
          {look.paths.image, fmt::format("image {}x{}, mask '{}' {}x{}", look.height, look.width,
                                         look.paths.mask.string(), look.mask_height, look.mask_width)});
  add_found(std::move(finding), findings);
}

}  // namespace inlay
