#include <numeric>

#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

std::vector<std::int64_t> class_pixels(const Survey& survey, Split split) {
  std::vector<std::int64_t> sum(static_cast<std::size_t>(survey.classes.size()));
  for (const Look& look : survey.looks)
    if (look.mask_height > 0 && (split == Split::all || look.split == split))
      for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += look.classes[c];
  return sum;
}

void check_class_shares(const Survey& survey, std::vector<Finding>& findings) {
  constexpr double kRare = 0.01;
  const std::vector<std::int64_t> pixels = class_pixels(survey, Split::all);
  const std::int64_t total = std::accumulate(pixels.begin(), pixels.end(), std::int64_t{0});
  if (total == 0) return;
  Finding rare{"rare-classes",
               FindingLevel::note,
               "classes have less than 1 % of the pixels",
               "make them count: --class-weights median, --loss cross_entropy+dice, or "
               "--augment-set class_balance=0.5",
               {}};
  Finding absent{"absent-classes",
                 FindingLevel::warning,
                 "classes have no pixel at all",
                 "take them out of classes.txt, or check that its values are those of the masks",
                 {}};
  for (std::size_t c = 0; c < pixels.size(); ++c) {
    const double share = static_cast<double>(pixels[c]) / static_cast<double>(total);
    const std::string name = fmt::format("class {} '{}'", c, survey.classes.names[c]);
    if (pixels[c] == 0)
      absent.places.push_back({"", name});
    else if (share < kRare)
      rare.places.push_back({"", fmt::format("{}: {:.2g} %", name, 100 * share)});
  }
  add_found(std::move(rare), findings);
  add_found(std::move(absent), findings);
}

}  // namespace inlay
