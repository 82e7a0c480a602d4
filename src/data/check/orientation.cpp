// Photographs that their EXIF block turns, with masks that may have been drawn over them as they are stored.
#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

void check_orientation(const Survey& survey, std::vector<Finding>& findings) {
  Finding turned{"turned-mask",
                 FindingLevel::note,
                 "masks lie as the camera stored their photographs, which EXIF turns on their side",
                 "they are turned along when they are read; nothing needs to be done",
                 {}};
  Finding unclear{"orientation",
                  FindingLevel::warning,
                  "photographs are turned by EXIF and their masks have the same size either way",
                  "look at an overlay: inlay data info --sheet sheet.png; where a mask lies wrong, turn it, or remove "
                  "the EXIF orientation from the photograph",
                  {}};
  for (const Look& look : survey.looks) {
    if (!look.usable() || look.orientation < 2) continue;
    const bool decided = look.orientation >= 5 && look.height != look.width;
    if (decided && !look.turned_mask) continue;
    (decided ? turned : unclear)
        .places.push_back({look.paths.image, fmt::format("EXIF orientation {}", look.orientation)});
  }
  add_found(std::move(turned), findings);
  add_found(std::move(unclear), findings);
}

}  // namespace inlay
