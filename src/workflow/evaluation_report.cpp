#include "workflow/evaluation_report.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/display.h"
#include "inlay/version.h"
#include "workflow/label_pictures.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

constexpr std::string_view kStyle = R"css(
td.about{text-align:left;color:var(--soft)}
.track i{position:relative}
.track i>s{position:absolute;top:4px;height:2px;background:var(--ink);opacity:.75}
.wide{min-width:640px}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 ui-monospace,"DejaVu Sans Mono",monospace}
)css";

std::string section(std::string_view title, std::string_view about, const std::string& content) {
  const std::string text = about.empty() ? "" : fmt::format(R"(<p class="under">{}</p>)", about);
  return content.empty() ? "" : fmt::format("<section><h2>{}</h2>{}{}</section>\n", title, text, content);
}

std::string tiles(const Evaluation& evaluation) {
  const auto tile = [](const std::string& number, std::string_view name) {
    return fmt::format(R"(<div class="tile"><b>{}</b><span>{}</span></div>)", number, name);
  };
  const Scores& scores = evaluation.scores;
  return fmt::format(R"(<div class="tiles">{}{}{}{}</div>)", tile(score_text(scores.mean_iou), "mean IoU"),
                     tile(score_text(scores.mean_dice), "mean Dice"),
                     tile(score_text(scores.pixel_accuracy), "pixel accuracy"),
                     tile(fmt::format("{}", evaluation.images), "images"));
}

std::string samples(const std::vector<ReportSample>& all, const ClassTable& classes) {
  if (all.empty()) return "";
  return fmt::format(R"(<div class="scroll"><div class="wide">{}</div></div>)", sample_rows(all, classes));
}

std::string facts(const EvaluationReport& report) {
  std::string html = "<dl>";
  for (const auto& [name, value] : report.facts)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>", escape_html(name), escape_html(value));
  return html + "</dl>";
}

std::vector<std::string> class_names(const Scores& scores) {
  std::vector<std::string> names;
  for (const ClassScores& entry : scores.classes) names.push_back(entry.name);
  return names;
}

}  // namespace

std::string to_html(const EvaluationReport& report, const ReportMaterial& material) {
  const Evaluation& evaluation = report.evaluation;
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">";
  html += fmt::format("<title>{} &ndash; Inlay</title>\n<style>{}{}</style></head>\n<body><main>\n<h1>{}</h1>\n{}\n",
                      escape_html(report.title), kReportStyle, kStyle, escape_html(report.title), tiles(evaluation));
  html +=
      section("Classes", "The line over a bar is the 95&thinsp;% interval: other images would give a score within it.",
              interval_table(evaluation, report.classes));
  html += section("Scores", "", metric_table(evaluation));
  html += section("Confusions", "Rows are true classes, columns what they were taken for, in per cent of the row.",
                  confusion_picture(evaluation.confusion, class_names(evaluation.scores)));
  html += section("Where it goes wrong", "",
                  fmt::format(R"(<div class="curves">{}{}{}</div>)", size_chart(material), distance_chart(material),
                              calibration_chart(material.calibration())));
  html += section("Worst images", "By the mean IoU of the image.", samples(report.worst, report.classes));
  html += section("Best images", "", samples(report.best, report.classes));
  html += section("Model and data", "", facts(report));
  return html + fmt::format("<p class=\"under\">Inlay {}</p>\n</main></body></html>\n", kVersion);
}

namespace workflow {
namespace {

constexpr std::size_t kWorst = 4, kBest = 3;

/// Images with a score, the lowest first.
std::vector<std::int64_t> ranked(const Evaluation& evaluation) {
  std::vector<std::int64_t> order;
  for (std::int64_t i = 0; i < evaluation.images; ++i)
    if (!std::isnan(evaluation.per_image[static_cast<std::size_t>(i)].mean_iou)) order.push_back(i);
  std::ranges::stable_sort(order, {},
                           [&](std::int64_t i) { return evaluation.per_image[static_cast<std::size_t>(i)].mean_iou; });
  return order;
}

}  // namespace

void write_evaluation_report(const EvaluateRequest& request, const Evaluation& evaluation,
                             const ReportMaterial& material, Segmenter& segmenter, const Dataset& dataset) {
  EvaluationReport report{
      .title = fmt::format("{} on {}", request.model.filename().string(), request.data.filename().string()),
      .facts = {{"Model", request.model.string()},
                {"Data", request.data.string()},
                {"Images", fmt::format("{} of {}", evaluation.images, to_string(request.split))},
                {"Void pixels", request.void_pixels == VoidPolicy::count ? "count against the class that is predicted"
                                                                         : "do not count"},
                {"Time", fmt::format("{:.1f} s", evaluation.seconds)},
                {"Command", request.command}},
      .evaluation = evaluation,
      .classes = dataset.classes(),
      .worst = {},
      .best = {}};
  const auto sample_of = [&](std::int64_t index) {
    const Sample sample = dataset.read(request.split, index);
    return ReportSample{sample.name, displayed(sample.image), sample.mask, segmenter(sample.image),
                        evaluation.per_image[static_cast<std::size_t>(index)].mean_iou};
  };
  const std::vector<std::int64_t> order = ranked(evaluation);
  const std::size_t worst = std::min(kWorst, (order.size() + 1) / 2), best = std::min(kBest, order.size() - worst);
  for (std::size_t i = 0; i < worst; ++i) report.worst.push_back(sample_of(order[i]));
  for (std::size_t i = 0; i < best; ++i) report.best.push_back(sample_of(order[order.size() - 1 - i]));
  write_file(request.report, to_html(report, material));
}

}  // namespace workflow
}  // namespace inlay
