#include "data_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

using Json = nlohmann::ordered_json;

namespace {

std::string sentence(const inlay::Finding& finding, const inlay::Finding::Place& place) {
  std::string text = place.detail.empty() ? finding.text : place.detail;
  const std::string file = place.file.string();
  return file.empty() || text.find(file) != std::string::npos ? text : fmt::format("'{}': {}", file, text);
}

/// One text for each file that has the trouble.
Json texts_of(const inlay::DatasetReport& report, inlay::FindingLevel level) {
  Json texts = Json::array();
  for (const inlay::Finding& finding : report.findings) {
    if (finding.level != level) continue;
    if (finding.places.empty()) texts.push_back(finding.text);
    for (const auto& place : finding.places) texts.push_back(sentence(finding, place));
  }
  return texts;
}

Json to_json(const inlay::Finding& finding) {
  Json json{{"code", finding.code},
            {"level", std::string(inlay::to_string(finding.level))},
            {"text", finding.text},
            {"advice", finding.advice},
            {"places", Json::array()}};
  for (const auto& place : finding.places)
    json["places"].push_back({{"file", place.file.string()}, {"detail", place.detail}});
  return json;
}

std::vector<std::int64_t> side(const inlay::DatasetReport& report, std::size_t which) {
  std::vector<std::int64_t> values;
  for (const auto& size : report.sizes) values.push_back(size[which]);
  if (values.empty()) values.push_back(0);
  return values;
}

}  // namespace

std::string hex_of(const inlay::Color& color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color[0], color[1], color[2]);
}

std::array<std::int64_t, 5> quartiles(std::vector<std::int64_t> values) {
  std::ranges::sort(values);
  std::array<std::int64_t, 5> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[i * (values.size() - 1) / 4];
  return out;
}

std::string counts_of(const inlay::DatasetReport& report) {
  std::vector<std::string> parts;
  for (const auto level : {inlay::FindingLevel::error, inlay::FindingLevel::warning, inlay::FindingLevel::note})
    if (const std::int64_t count = report.count(level); count > 0)
      parts.push_back(fmt::format("{} {}{}", count, inlay::to_string(level), count > 1 ? "s" : ""));
  return parts.empty() ? "nothing wrong" : fmt::format("{}", fmt::join(parts, ", "));
}

Json to_json(const inlay::DatasetReport& report) {
  const auto heights = quartiles(side(report, 0)), widths = quartiles(side(report, 1));
  Json json{{"usable", report.usable()},
            {"format", report.format},
            {"train", report.train},
            {"val", report.val},
            {"test", report.test},
            {"min_height", heights.front()},
            {"max_height", heights.back()},
            {"min_width", widths.front()},
            {"max_width", widths.back()},
            {"height_quartiles", heights},
            {"width_quartiles", widths},
            {"channels", report.channels},
            {"bits", report.bits},
            {"classes", Json::array()},
            {"ignored_pixels", report.ignored_pixels},
            {"warnings", texts_of(report, inlay::FindingLevel::warning)},
            {"problems", texts_of(report, inlay::FindingLevel::error)},
            {"findings", Json::array()}};
  for (std::size_t i = 0; i < report.classes.names.size(); ++i)
    json["classes"].push_back({{"name", report.classes.names[i]},
                               {"color", hex_of(report.classes.colors[i])},
                               {"pixels", report.class_pixels[i]},
                               {"images", report.class_images[i]}});
  for (const inlay::Finding& finding : report.findings) json["findings"].push_back(to_json(finding));
  return json;
}
