#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "workflow/evaluation_report.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

std::string range_text(const Interval& interval) {
  return std::isnan(interval.low) ? "&ndash;" : fmt::format("{:.3f} &ndash; {:.3f}", interval.low, interval.high);
}

std::string swatch(const ClassTable& classes, std::size_t i, const std::string& name) {
  const Color color = i < classes.colors.size() ? classes.colors[i] : voc_color(static_cast<int>(i));
  return fmt::format(R"html(<span class="swatch" style="background:rgb({},{},{})"></span>{})html", color[0], color[1],
                     color[2], escape_html(name));
}

/// A bar of the value with a line over its interval.
std::string interval_bar(double value, const Interval& interval) {
  const auto place = [](double share) { return std::isnan(share) ? 0.0 : std::clamp(share, 0.0, 1.0) * 100; };
  std::string line;
  if (!std::isnan(interval.low))
    line = fmt::format(R"(<s style="left:{:.1f}%;width:{:.1f}%"></s>)", place(interval.low),
                       place(interval.high) - place(interval.low));
  return fmt::format(R"(<i><u style="width:{:.1f}%"></u>{}</i>)", place(value), line);
}

struct Column {
  std::string_view key;
  const MetricResult* values;
};

/// Scores by class that have no place of their own.
std::vector<Column> further_columns(const Evaluation& evaluation) {
  std::vector<Column> columns;
  for (const MetricResult& metric : evaluation.metrics) {
    const std::string_view key = metric_info(metric.name).class_key;
    if (!key.empty() && key != "iou" && key != "accuracy" && key != "dice") columns.push_back({key, &metric});
  }
  return columns;
}

/// Of the IoU of every class, then of their mean; empty when nobody asked for it.
std::vector<Interval> iou_intervals(const Evaluation& evaluation) {
  std::vector<Interval> result;
  for (const MetricInterval& one : evaluation.intervals) {
    if (one.name != "mean_iou") continue;
    result = one.classes;
    result.push_back(one.value);
  }
  return result;
}

std::string row(std::string_view style, const std::string& name, double iou, const Interval& interval, double accuracy,
                double dice, const std::string& pixels) {
  return fmt::format(
      R"(<tr{}><td>{}</td><td class="bar"><div class="track">{}{}</div></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>)",
      style, name, interval_bar(iou, interval), score_text(iou), range_text(interval), score_text(accuracy),
      score_text(dice), pixels);
}

}  // namespace

std::string interval_table(const Evaluation& evaluation, const ClassTable& classes) {
  const Scores& scores = evaluation.scores;
  const std::vector<Column> further = further_columns(evaluation);
  std::vector<Interval> intervals = iou_intervals(evaluation);
  intervals.resize(scores.classes.size() + 1, {NAN, NAN});
  const double total = static_cast<double>(std::max<std::int64_t>(1, evaluation.confusion.total()));
  std::string html{scroll_box(scores.classes.size())};
  html += R"(<table class="first"><tr><th>class</th><th style="text-align:left">IoU</th><th>95&thinsp;%</th>)"
          "<th>accuracy</th><th>Dice</th><th>pixels</th>";
  for (const Column& column : further) html += fmt::format("<th>{}</th>", column.key);
  html += "</tr>";
  for (std::size_t i = 0; i < scores.classes.size(); ++i) {
    const ClassScores& entry = scores.classes[i];
    html += row("", swatch(classes, i, entry.name), entry.iou, intervals[i], entry.accuracy, entry.dice,
                fmt::format("{:.1f} %", 100 * static_cast<double>(entry.pixels) / total));
    for (const Column& column : further) html += fmt::format("<td>{}</td>", score_text(column.values->classes[i]));
    html += "</tr>";
  }
  html +=
      row(R"( class="total")", "mean", scores.mean_iou, intervals.back(), scores.mean_accuracy, scores.mean_dice, "");
  for (const Column& column : further) html += fmt::format("<td>{}</td>", score_text(column.values->value));
  html += "</tr></table></div>";
  if (!scores.absent.empty())
    html += fmt::format(R"(<p class="under">No pixel of {}.</p>)",
                        escape_html(fmt::format("{}", fmt::join(scores.absent, ", "))));
  return html;
}

std::string metric_table(const Evaluation& evaluation) {
  std::string html =
      R"(<div class="scroll"><table class="first"><tr><th>score</th><th>value</th><th>95&thinsp;%</th><th style="text-align:left">)"
      "what it is</th></tr>";
  for (std::size_t m = 0; m < evaluation.metrics.size(); ++m) {
    const MetricResult& metric = evaluation.metrics[m];
    const Interval interval = m < evaluation.intervals.size() ? evaluation.intervals[m].value : Interval{NAN, NAN};
    html += fmt::format(R"(<tr><td>{}</td><td>{}</td><td>{}</td><td class="about">{}{}{}</td></tr>)", metric.name,
                        score_text(metric.value), range_text(interval), escape_html(metric_info(metric.name).about),
                        metric_info(metric.name).higher_is_better ? "" : "; lower is better",
                        metric.threshold ? fmt::format("; here {:.1f}", *metric.threshold) : "");
  }
  return html + "</table></div>";
}

}  // namespace inlay
