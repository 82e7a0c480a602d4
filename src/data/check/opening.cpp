// What keeps the set as a whole from being used.
#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {

void check_opening(const Survey& survey, std::vector<Finding>& findings) {
  const auto error = [&](std::string code, std::string text, std::string advice) {
    findings.push_back({std::move(code), FindingLevel::error, std::move(text), std::move(advice), {}});
  };
  if (!survey.dataset) return error("layout", survey.open_problem, "docs/data.md shows how a data set is laid out");
  if (!survey.label_problem.empty())
    return error("labels", survey.label_problem, "say in classes.txt what the masks' values mean");
  const bool explained = std::ranges::any_of(survey.looks, [](const Look& look) { return !look.readable(); });
  if (!survey.open_problem.empty() && !explained)
    error("layout", survey.open_problem, "docs/data.md shows how a data set is laid out");
  if (survey.classes.size() < 2)
    error("one-class", fmt::format("there is one class only ({})", fmt::join(survey.classes.names, ", ")),
          "name a second one in classes.txt or dataset.toml");
  if (survey.dataset->size(Split::train) == 0)
    error("no-training-images", "there are no images to train on", "put some under train/");
}

}  // namespace inlay
