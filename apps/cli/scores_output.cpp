#include "scores_output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/grouped.h"
#include "console.h"

using Json = nlohmann::ordered_json;

namespace {

Json pair(const inlay::Interval& interval) { return {interval.low, interval.high}; }

/// The metric's key in classes[]; "" when it has none.
std::string_view class_key(const inlay::MetricResult& metric) { return inlay::metric_info(metric.name).class_key; }

/// What evaluate has always said of a class stands in a table of its own.
bool in_main_table(std::string_view key) { return key == "iou" || key == "accuracy" || key == "dice"; }

Json class_json(const inlay::Evaluation& evaluation, std::size_t c) {
  const inlay::ClassScores& entry = evaluation.scores.classes[c];
  Json json{{"name", entry.name},
            {"iou", entry.iou},
            {"accuracy", entry.accuracy},
            {"dice", entry.dice},
            {"pixels", entry.pixels}};
  Json intervals = Json::object();
  for (std::size_t m = 0; m < evaluation.metrics.size(); ++m) {
    const inlay::MetricResult& metric = evaluation.metrics[m];
    if (metric.classes.empty()) continue;
    json[class_key(metric)] = metric.classes[c];
    if (!evaluation.intervals.empty()) intervals[class_key(metric)] = pair(evaluation.intervals[m].classes[c]);
  }
  json["intervals"] = std::move(intervals);
  return json;
}

std::string short_name(const std::string& name) { return name.size() <= 24 ? name : name.substr(0, 21) + "..."; }

void print_classes(const inlay::Evaluation& evaluation) {
  const inlay::Scores& scores = evaluation.scores;
  const double total = static_cast<double>(std::max<std::int64_t>(1, evaluation.confusion.total()));
  fmt::print("{:<24} {:>8} {:>9} {:>8} {:>15} {:>8}\n", "class", "IoU", "accuracy", "Dice", "pixels", "share");
  for (const inlay::ClassScores& entry : scores.classes)
    fmt::print("{:<24} {:>8} {:>9} {:>8} {:>15} {:>6.1f} %\n", short_name(entry.name), score_number(entry.iou),
               score_number(entry.accuracy), score_number(entry.dice), inlay::grouped(entry.pixels),
               100 * static_cast<double>(entry.pixels) / total);
  fmt::print("{:<24} {:>8} {:>9} {:>8} {:>15}\n\n", "mean", score_number(scores.mean_iou),
             score_number(scores.mean_accuracy), score_number(scores.mean_dice),
             inlay::grouped(evaluation.confusion.total()));
}

/// One table of as many metrics as fit into 80 columns.
void print_class_columns(const inlay::Evaluation& evaluation, std::span<const inlay::MetricResult* const> metrics) {
  fmt::print("{:<24}", "class");
  for (const inlay::MetricResult* metric : metrics) fmt::print("  {:>8}", class_key(*metric));
  for (std::size_t c = 0; c < evaluation.scores.classes.size(); ++c) {
    fmt::print("\n{:<24}", short_name(evaluation.scores.classes[c].name));
    for (const inlay::MetricResult* metric : metrics)
      fmt::print("  {:>{}}", score_number(metric->classes[c]), std::max<std::size_t>(8, class_key(*metric).size()));
  }
  fmt::print("\n\n");
}

void print_more_of_classes(const inlay::Evaluation& evaluation) {
  std::vector<const inlay::MetricResult*> row;
  std::size_t width = 24;
  for (const inlay::MetricResult& metric : evaluation.metrics) {
    if (metric.classes.empty() || in_main_table(class_key(metric))) continue;
    const std::size_t more = 2 + std::max<std::size_t>(8, class_key(metric).size());
    if (width + more > 80) {
      print_class_columns(evaluation, row);
      row.clear();
      width = 24;
    }
    row.push_back(&metric);
    width += more;
  }
  if (!row.empty()) print_class_columns(evaluation, row);
}

}  // namespace

Json to_json(const inlay::Evaluation& evaluation) {
  const inlay::Scores& scores = evaluation.scores;
  Json json{{"pixel_accuracy", scores.pixel_accuracy},
            {"mean_accuracy", scores.mean_accuracy},
            {"mean_iou", scores.mean_iou},
            {"frequency_weighted_iou", scores.frequency_weighted_iou},
            {"mean_dice", scores.mean_dice},
            {"cross_entropy", evaluation.cross_entropy}};
  for (const inlay::MetricResult& metric : evaluation.metrics) {
    json[metric.name] = metric.value;
    if (metric.threshold) json[metric.name + "_threshold"] = *metric.threshold;
  }
  json["intervals"] = Json::object();
  for (const inlay::MetricInterval& interval : evaluation.intervals)
    json["intervals"][interval.name] = pair(interval.value);
  json["classes"] = Json::array();
  for (std::size_t c = 0; c < scores.classes.size(); ++c) json["classes"].push_back(class_json(evaluation, c));
  json["absent"] = scores.absent;
  json["images"] = evaluation.images;
  json["seconds"] = evaluation.seconds;
  return json;
}

std::string score_number(double value) { return std::isnan(value) ? "-" : fmt::format("{:.4f}", value); }

std::string interval_text(const inlay::Interval& interval) {
  return std::isnan(interval.low) ? "-" : fmt::format("{:.4f} to {:.4f}", interval.low, interval.high);
}

void print_scores(const inlay::Evaluation& evaluation) {
  print_classes(evaluation);
  print_more_of_classes(evaluation);
  fmt::print("{:<24} {:>8}   {}\n", "score", "value", "95 % interval over images");
  for (std::size_t m = 0; m < evaluation.metrics.size(); ++m) {
    const inlay::MetricResult& metric = evaluation.metrics[m];
    const std::string interval = m < evaluation.intervals.size() ? interval_text(evaluation.intervals[m].value) : "-";
    fmt::print("{:<24} {:>8}   {}\n", metric.name, score_number(metric.value),
               metric.threshold ? fmt::format("{:<16}   threshold {:.1f}", interval, *metric.threshold) : interval);
  }
  if (!evaluation.scores.absent.empty()) fmt::print("\nno pixel of {}\n", fmt::join(evaluation.scores.absent, ", "));
  fmt::print("\n{} images in {}\n", evaluation.images, duration_text(evaluation.seconds));
}
