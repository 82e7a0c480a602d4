#include "inlay/inspect.h"

#include <algorithm>
#include <stdexcept>

#include "data/check/checks.h"

namespace inlay {
namespace {

constexpr std::array<Check, 14> kChecks{check_opening,         check_reading,      check_sizes,       check_orientation,
                                        check_channels,        check_pairs,        check_mask_values, check_empty_masks,
                                        check_constant_images, check_class_shares, check_class_parts, check_duplicates,
                                        check_leaks,           check_telling_names};

template <class Range>
void keep_different(Range& values) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
}

void add(const Look& look, DatasetReport& report) {
  if (!look.image_problem.empty()) return;
  report.sizes.push_back({look.height, look.width});
  report.channels.push_back(look.channels);
  report.bits.push_back(look.bits);
  if (!look.usable()) return;
  report.ignored_pixels += look.ignored;
  for (std::size_t c = 0; c < look.classes.size(); ++c) {
    report.class_pixels[c] += look.classes[c];
    report.class_images[c] += look.classes[c] > 0;
  }
}

}  // namespace

std::string_view to_string(FindingLevel level) {
  switch (level) {
    case FindingLevel::error:
      return "error";
    case FindingLevel::warning:
      return "warning";
    case FindingLevel::note:
      return "note";
  }
  throw std::logic_error("unknown FindingLevel");
}

std::int64_t DatasetReport::count(FindingLevel level) const {
  return std::ranges::count(findings, level, &Finding::level);
}

void add_found(Finding finding, std::vector<Finding>& findings) {
  if (!finding.places.empty()) findings.push_back(std::move(finding));
}

DatasetReport inspect(const std::filesystem::path& path, const DatasetOptions& options) {
  const Survey found = survey(path, options);
  DatasetReport report;
  report.classes = found.classes;
  report.class_pixels.resize(static_cast<std::size_t>(report.classes.size()));
  report.class_images.resize(report.class_pixels.size());
  if (found.dataset) {
    report.format = found.dataset->format();
    report.train = found.dataset->size(Split::train);
    report.val = found.dataset->size(Split::val);
    report.test = found.dataset->size(Split::test);
  }
  for (const Look& look : found.looks) add(look, report);
  keep_different(report.channels);
  keep_different(report.bits);
  for (const Check check : kChecks) check(found, report.findings);
  std::ranges::stable_sort(report.findings, {}, &Finding::level);
  return report;
}

}  // namespace inlay
