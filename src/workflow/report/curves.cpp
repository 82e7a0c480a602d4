#include <algorithm>
#include <array>
#include <cmath>

#include "base/fail.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

constexpr double kWidth = 340, kHeight = 190, kLeft = 46, kRight = 12, kTop = 8, kBottom = 26;

struct Axis {
  double low = 0, high = 1, step = 1;
};

/// Round steps of 1, 2 or 5 times a power of ten, about four of them.
Axis make_axis(double low, double high) {
  if (!(high > low)) {
    const double half = std::max(std::abs(high) / 2, 1e-12);
    low -= half;
    high += half;
  }
  const double rough = (high - low) / 4, power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0})
    if (factor * power >= rough * 0.99) step = factor * power;
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

struct Plot {
  Axis y;
  std::size_t epochs;

  double at_x(std::size_t epoch) const {
    const double share = epochs < 2 ? 0.5 : static_cast<double>(epoch) / static_cast<double>(epochs - 1);
    return kLeft + share * (kWidth - kLeft - kRight);
  }
  double at_y(double value) const { return kTop + (y.high - value) / (y.high - y.low) * (kHeight - kTop - kBottom); }
};

std::string grid(const Plot& plot) {
  std::string svg;
  const int lines = static_cast<int>(std::lround((plot.y.high - plot.y.low) / plot.y.step));
  for (int i = 0; i <= lines; ++i) {
    double value = plot.y.low + i * plot.y.step;
    if (std::abs(value) < plot.y.step * 1e-6) value = 0;
    const double y = plot.at_y(value);
    svg += fmt::format(R"(<line class="grid" x1="{:.0f}" x2="{:.0f}" y1="{:.1f}" y2="{:.1f}"/>)", kLeft,
                       kWidth - kRight, y, y);
    svg += fmt::format(R"(<text x="{:.0f}" y="{:.1f}" text-anchor="end">{:.3g}</text>)", kLeft - 6, y + 4, value);
  }
  const std::array<std::size_t, 3> marks{0, (plot.epochs - 1) / 2, plot.epochs - 1};
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (i > 0 && marks[i] == marks[i - 1]) continue;
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>)", plot.at_x(marks[i]),
                       kHeight - 8, marks[i] + 1);
  }
  return svg;
}

}  // namespace

namespace {

struct Range {
  double low = INFINITY, high = -INFINITY;
};

Range range_of(const Curve& curve) {
  Range range;
  for (const Line& line : curve.lines)
    for (const double value : line.values) {
      if (!std::isfinite(value)) continue;
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
    }
  return range;
}

std::string draw_line(const Line& line, const Plot& plot, std::int64_t best_epoch) {
  std::string points, dots;
  const auto numbers = std::ranges::count_if(line.values, [](double value) { return std::isfinite(value); });
  for (std::size_t i = 0; i < line.values.size(); ++i) {
    if (!std::isfinite(line.values[i])) continue;
    const double x = plot.at_x(i), y = plot.at_y(line.values[i]);
    points += fmt::format("{:.1f},{:.1f} ", x, y);
    const bool best = static_cast<std::int64_t>(i) == best_epoch;
    if (!best && numbers > 1) continue;
    dots +=
        fmt::format(R"(<circle cx="{:.1f}" cy="{:.1f}" r="4" fill="{}"><title>{}epoch {}: {:.4g}</title></circle>)", x,
                    y, line.color, line.name.empty() ? "" : escape_html(line.name) + ", ", i + 1, line.values[i]);
  }
  return fmt::format(
      R"(<polyline points="{}" fill="none" stroke="{}" stroke-width="2" stroke-linejoin="round"><title>{}</title></polyline>{})",
      points, line.color, escape_html(line.name), dots);
}

std::string legend(const Curve& curve) {
  std::string html;
  for (const Line& line : curve.lines)
    if (!line.name.empty())
      html += fmt::format(R"(<span><i style="background:{}"></i>{}</span>)", line.color, escape_html(line.name));
  return html.empty() ? "" : fmt::format(R"(<div class="legend">{}</div>)", html);
}

}  // namespace

std::string draw_curve(const Curve& curve, std::int64_t best_epoch) {
  Range range = range_of(curve);
  if (!(range.low <= range.high)) return "";
  if (curve.from_zero) range.low = std::min(range.low, 0.0);
  if (curve.to_one) range.high = std::max(range.high, 1.0);
  std::size_t epochs = 0;
  for (const Line& line : curve.lines) epochs = std::max(epochs, line.values.size());
  const Plot plot{make_axis(range.low, range.high), epochs};
  std::string lines;
  for (const Line& line : curve.lines) lines += draw_line(line, plot, best_epoch);
  return fmt::format(
      R"(<figure><figcaption>{}</figcaption><svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}{}</svg>{})"
      "</figure>",
      escape_html(curve.title), kWidth, kHeight, escape_html(curve.title), grid(plot), lines, legend(curve));
}

}  // namespace inlay
