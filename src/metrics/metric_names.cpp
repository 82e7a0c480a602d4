#include "metrics/metric_names.h"

#include <algorithm>

#include "base/fail.h"
#include "base/nearest_name.h"

namespace inlay {
namespace {

constexpr std::string_view kDefault[] = {
    "mean_iou", "mean_dice", "pixel_accuracy", "mean_accuracy", "frequency_weighted_iou", "cross_entropy"};

struct Alias {
  std::string_view name, of;
};
constexpr Alias kAliases[] = {{"miou", "mean_iou"}, {"map", "mean_average_precision"}};

std::string_view full_name(std::string_view name) {
  for (const Alias& alias : kAliases)
    if (alias.name == name) return alias.of;
  return name;
}

std::vector<std::string_view> several(std::string_view word) {
  if (word == "default") return {std::begin(kDefault), std::end(kDefault)};
  std::vector<std::string_view> names;
  for (const MetricInfo& info : metric_infos()) names.push_back(info.name);
  return names;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

const std::vector<const FamilyEntry*>& metric_families() {
  static const std::vector<const FamilyEntry*> families{
      &kOverlapMetrics,     &kImageOverlapMetrics,    &kCrossEntropyMetrics,     &kBoundaryF1Metrics,
      &kBoundaryIouMetrics, &kSurfaceDistanceMetrics, &kAveragePrecisionMetrics, &kPanopticQualityMetrics,
      &kCellsMetrics,       &kBestCellsMetrics,       &kWarpingErrorMetrics,     &kCalibrationMetrics};
  return families;
}

const std::vector<MetricInfo>& metric_infos() {
  static const std::vector<MetricInfo> infos = [] {
    std::vector<MetricInfo> all;
    for (const FamilyEntry* family : metric_families())
      all.insert(all.end(), family->metrics.begin(), family->metrics.end());
    return all;
  }();
  return infos;
}

const MetricInfo& metric_info(std::string_view name) {
  std::vector<std::string_view> names{"default", "all"};
  for (const MetricInfo& info : metric_infos()) {
    if (info.name == name) return info;
    names.push_back(info.name);
  }
  for (const Alias& alias : kAliases) names.push_back(alias.name);
  fail_input("there is no metric '{}'{}; there are {}", name, suggestion(name, names), fmt::join(names, ", "));
}

std::vector<std::string> parse_metrics(std::string_view list, bool logits) {
  std::vector<std::string> names;
  const auto take = [&](std::string_view name) {
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  };
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    const std::string_view word = trimmed(list.substr(begin, end - begin));
    begin = end + 1;
    if (word == "default" || word == "all") {
      for (const std::string_view name : several(word))
        if (logits || !metric_info(name).needs_logits) take(name);
      continue;
    }
    const MetricInfo& info = metric_info(full_name(word));
    if (info.needs_logits && !logits)
      fail_input("'{}' is made of probabilities, and masks hold none; leave it out, or use 'inlay evaluate'",
                 info.name);
    take(info.name);
  }
  return names;
}

}  // namespace inlay
