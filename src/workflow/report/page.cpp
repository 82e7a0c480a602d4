#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "inlay/report.h"
#include "inlay/version.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

std::string section(std::string_view title, const std::string& content) {
  return fmt::format("<section><h2>{}</h2>{}</section>\n", title, content);
}

std::string tile(const std::string& number, const std::string& name) {
  return fmt::format(R"(<div class="tile"><b>{}</b><span>{}</span></div>)", number, name);
}

std::string tiles(const Report& report) {
  const Scores& scores = report.evaluation.scores;
  const auto with_interval = [&](double value, const std::string& name, const char* key) {
    const auto interval = report.intervals.find(key);
    return tile(score_text(value), interval == report.intervals.end()
                                       ? name
                                       : fmt::format("{}<br>{}", name, escape_html(interval->second)));
  };
  return fmt::format(
      R"(<div class="tiles">{}{}{}{}</div>)", with_interval(scores.mean_iou, "mean IoU", "mean_iou"),
      with_interval(scores.pixel_accuracy, "pixel accuracy", "pixel_accuracy"),
      with_interval(scores.mean_dice, "mean Dice", "mean_dice"),
      tile(fmt::format("{}", report.best_epoch + 1), fmt::format("best of {} epochs", report.history.size())));
}

std::string lines(const Report::Lines& list) {
  std::string html = "<dl>";
  for (const auto& [name, value] : list)
    html += fmt::format("<dt>{}</dt><dd>{}</dd>", escape_html(name), escape_html(value));
  return html + "</dl>";
}

std::string settings(const Report& report) {
  std::string html = R"(<div class="settings">)";
  for (const auto& [name, value] : report.settings)
    html += fmt::format("<div><span>{}</span><b>{}</b></div>", escape_html(name), escape_html(value));
  return html + "</div>";
}

std::string table_row(std::string_view style, const std::string& name, double iou, double accuracy, double dice,
                      const std::string& pixels) {
  const double share = std::isnan(iou) ? 0 : std::clamp(iou, 0.0, 1.0) * 100;
  return fmt::format(
      R"(<tr{}><td>{}</td><td class="bar"><div class="track"><i><u style="width:{:.1f}%"></u></i>{}</div></td>)"
      "<td>{}</td><td>{}</td><td>{}</td></tr>",
      style, name, share, score_text(iou), score_text(accuracy), score_text(dice), pixels);
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string score_text(double value) { return std::isnan(value) ? "&ndash;" : fmt::format("{:.3f}", value); }

std::string_view scroll_box(std::size_t rows) {
  constexpr std::size_t kLong = 24;
  return rows > kLong ? R"(<div class="scroll tall">)" : R"(<div class="scroll">)";
}

std::string class_table(const Evaluation& evaluation, const ClassTable& classes) {
  const Scores& scores = evaluation.scores;
  const double total = static_cast<double>(std::max<std::int64_t>(1, evaluation.confusion.total()));
  std::string html{scroll_box(scores.classes.size())};
  html += R"(<table class="first"><tr><th>class</th><th style="text-align:left">IoU</th><th>accuracy</th><th>Dice</th>)"
          "<th>pixels</th></tr>";
  for (std::size_t i = 0; i < scores.classes.size(); ++i) {
    const ClassScores& entry = scores.classes[i];
    const Color color = i < classes.colors.size() ? classes.colors[i] : voc_color(static_cast<int>(i));
    const std::string name = fmt::format(R"html(<span class="swatch" style="background:rgb({},{},{})"></span>{})html",
                                         color[0], color[1], color[2], escape_html(entry.name));
    html += table_row("", name, entry.iou, entry.accuracy, entry.dice,
                      fmt::format("{:.1f} %", 100 * static_cast<double>(entry.pixels) / total));
  }
  html += table_row(R"( class="total")", "mean", scores.mean_iou, scores.mean_accuracy, scores.mean_dice, "");
  html += "</table></div>";
  if (!scores.absent.empty())
    html += fmt::format(R"(<p class="under">No pixel of {}: not part of the means.</p>)",
                        escape_html(fmt::format("{}", fmt::join(scores.absent, ", "))));
  return html;
}

std::string page_head(std::string_view title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<title>{} &ndash; Inlay</title>\n<style>{}</style></head>\n<body><main>\n",
      escape_html(title), kReportStyle);
}

std::string to_html(const Report& report) {
  std::string html = page_head(report.title);
  html += fmt::format("<h1>{}</h1>\n<p class=\"under\">Scores of the best model on the {}.</p>\n{}\n",
                      escape_html(report.title), escape_html(report.scored), tiles(report));
  html += section("Training", draw_history(report));
  html += section("Classes", class_table(report.evaluation, report.classes));
  html += section("What is taken for what", confusion_picture(report.evaluation.confusion, report.classes.names));
  if (!report.samples.empty()) html += section("Samples", sample_rows(report.samples, report.classes));
  if (!report.frames.empty()) html += section("Over the epochs", frame_rows(report.frames));
  if (!report.plan.empty()) html += section("What was chosen, and why", plan_table(report.plan));
  if (report.data) html += section("Data", data_card(*report.data, report.findings, report.classes));
  html += "<div class=\"two\">" + section("Model", lines(report.facts)) + section("Settings", settings(report)) +
          "</div>\n";
  if (!report.origin.empty()) html += section("Where it came from", lines(report.origin));
  html += fmt::format("<p class=\"under\" style=\"margin-top:22px\">Inlay {}</p>\n</main></body></html>\n", kVersion);
  return html;
}

}  // namespace inlay
