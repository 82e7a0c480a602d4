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

/// "0.873"; a dash where there is no number.
std::string score_text(double value);

struct Curve {
  std::string title;
  std::string color;           // a CSS colour
  std::vector<double> values;  // one an epoch; NaN where there is none
  bool from_zero = false;      // the axis starts at 0
  bool to_one = false;         // and ends at 1
};

/// An SVG picture of its own, with axes; `best_epoch` is marked when it is not negative. "" when there is no number.
std::string draw_curve(const Curve& curve, std::int64_t best_epoch);

/// IoU bars, accuracy, Dice and pixels of every class.
std::string class_table(const Evaluation& evaluation, const ClassTable& classes);

/// image | truth | prediction | errors.
std::string sample_rows(std::span<const ReportSample> samples, const ClassTable& classes);

}  // namespace inlay
