// Classes that one part of the set holds and the other does not.
#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

void check_class_parts(const Survey& survey, std::vector<Finding>& findings) {
  if (!survey.dataset || survey.dataset->size(Split::train) == 0 || survey.dataset->size(Split::val) == 0) return;
  const std::vector<std::int64_t> train = class_pixels(survey, Split::train), val = class_pixels(survey, Split::val);
  Finding untrained{"untrained-classes",
                    FindingLevel::warning,
                    "classes are among the validation images and not among those to train on",
                    "draw the split anew: --split-seed, or 'inlay data split'",
                    {}};
  Finding unscored{"unscored-classes",
                   FindingLevel::warning,
                   "classes are among the images to train on and not among those to validate",
                   "their scores mean nothing; draw the split anew: --split-seed, or 'inlay data split'",
                   {}};
  for (std::size_t c = 0; c < train.size(); ++c) {
    const std::string name = fmt::format("class {} '{}'", c, survey.classes.names[c]);
    if (train[c] == 0 && val[c] > 0) untrained.places.push_back({"", name});
    if (train[c] > 0 && val[c] == 0) unscored.places.push_back({"", name});
  }
  add_found(std::move(untrained), findings);
  add_found(std::move(unscored), findings);
}

}  // namespace inlay
