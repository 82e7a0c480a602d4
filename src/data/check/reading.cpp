// Files that cannot be read, and masks whose values mean nothing.
#include "data/check/checks.h"

namespace inlay {

void check_reading(const Survey& survey, std::vector<Finding>& findings) {
  Finding unreadable{
      "unreadable", FindingLevel::error, "files cannot be read", "copy them again, or leave the pairs out", {}};
  Finding unknown{"unknown-values",
                  FindingLevel::error,
                  "masks hold values that are no class",
                  "correct the masks, or name the values in classes.txt",
                  {}};
  Finding colours{"colours-without-table",
                  FindingLevel::error,
                  "masks are colour pictures and no table says what the colours mean",
                  "write classes.txt with lines 'index name r g b'",
                  {}};
  for (const Look& look : survey.looks) {
    if (!look.image_problem.empty()) unreadable.places.push_back({look.paths.image, look.image_problem});
    if (!look.mask_problem.empty()) {
      Finding& to = look.mask_problem.find("nothing says which class a colour is") != std::string::npos ? colours
                    : look.mask_problem.find("which is no class") != std::string::npos                  ? unknown
                                                                                                        : unreadable;
      to.places.push_back({look.paths.mask, look.mask_problem});
    }
  }
  for (Finding* finding : {&unreadable, &unknown, &colours}) add_found(std::move(*finding), findings);
}

}  // namespace inlay
