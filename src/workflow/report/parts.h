// The parts of report.html.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "inlay/report.h"

namespace inlay {

/// The style sheet, light and dark.
extern const std::string_view kReportStyle;

/// Text made safe for HTML, in attributes too.
std::string escape_html(std::string_view text);

/// A page up to where its content begins, within <main>.
std::string page_head(std::string_view title);

/// "0.873"; a dash where there is no number.
std::string score_text(double value);

struct Line {
  std::string name;            // in the legend; "" without one
  std::string color;           // a CSS colour
  std::vector<double> values;  // one an epoch; NaN where there is none
};

struct Curve {
  std::string title;
  std::vector<Line> lines;
  bool from_zero = false;  // the axis starts at 0
  bool to_one = false;     // and ends at 1
};

/// An SVG picture of its own, with axes; `best_epoch` is marked when it is not negative. "" when there is no number.
std::string draw_curve(const Curve& curve, std::int64_t best_epoch);

/// Loss, scores, scores by class, learning rate and waiting by epoch.
std::string draw_history(const Report& report);

/// IoU bars, accuracy, Dice and pixels of every class.
std::string class_table(const Evaluation& evaluation, const ClassTable& classes);

/// An SVG picture: rows are true classes, columns predicted ones, shades the share of the row. `names` of the rows;
/// columns without a name ("other") are summed up in a last one.
std::string confusion_picture(const ConfusionMatrix& confusion, const std::vector<std::string>& names);

/// What opens the box of a table of that many rows, in which it scrolls.
std::string_view scroll_box(std::size_t rows);

/// Rows are images, columns what report.frames says.
std::string frame_rows(std::span<const ReportFrame> frames);

/// "setting | chosen | why".
std::string plan_table(std::span<const PlanChoice> plan);

/// Sizes, values and classes of the training images, and what is wrong with them.
std::string data_card(const Fingerprint& data, std::span<const std::string> findings, const ClassTable& classes);

/// image | truth | prediction | errors.
std::string sample_rows(std::span<const ReportSample> samples, const ClassTable& classes);

}  // namespace inlay
