// Masks of 0 and 255 alone, and masks that are not all stored alike.
#include <set>

#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {
namespace {

bool is_black_and_white(const Survey& survey) {
  bool white = false;
  for (const Look& look : survey.looks) {
    if (!look.values || look.values->colours || look.values->between > 0) return false;
    white = white || (look.values->white > 0 && look.ignored == 0);
  }
  return white && survey.classes.size() == 2;
}

}  // namespace

void check_mask_values(const Survey& survey, std::vector<Finding>& findings) {
  if (is_black_and_white(survey))
    findings.push_back({"black-and-white",
                        FindingLevel::note,
                        "masks hold 0 and 255: 255 is read as class 1",
                        "name the classes in classes.txt to see them by name",
                        {}});
  std::set<int> depths;
  for (const Look& look : survey.looks)
    if (look.values && !look.values->colours) depths.insert(look.values->bits);
  if (depths.size() < 2) return;
  Finding mixed{"mixed-masks",
                FindingLevel::note,
                "masks are stored with different numbers of bits",
                "they are read alike; other programs may not: --fix writes all as index PNGs",
                {}};
  for (int bits : depths) {
    const auto with = [&](const Look& look) {
      return look.values && !look.values->colours && look.values->bits == bits;
    };
    const auto first = std::ranges::find_if(survey.looks, with);
    mixed.places.push_back({first->paths.mask, fmt::format("the first of {} with {} bits",
                                                           std::ranges::count_if(survey.looks, with), bits)});
  }
  findings.push_back(std::move(mixed));
}

}  // namespace inlay
