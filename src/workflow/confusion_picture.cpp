#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/grouped.h"
#include "base/wrap.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

/// Measures of a picture of that many columns: few classes get large cells with numbers, many get names that stand
/// upright, so that they do not run into each other.
struct Sizes {
  explicit Sizes(std::size_t columns)
      : cell(columns <= 12   ? 46.0
             : columns <= 24 ? 30.0
             : columns <= 40 ? 20.0
             : columns <= 64 ? 14.0
                             : 11.0),
        font(columns <= 12   ? 12.0
             : columns <= 24 ? 11.0
             : columns <= 64 ? 10.0
                             : 9.0),
        numbers(columns <= 24),
        upright(columns > 24) {}
  double cell, font;
  bool numbers, upright;
};

std::string shortened(const std::string& name) {
  constexpr std::size_t kLongest = 16;
  if (count_columns(name) <= kLongest) return name;
  std::size_t bytes = kLongest - 1;
  while (bytes > 0 && (static_cast<unsigned char>(name[bytes]) & 0xc0) == 0x80) --bytes;  // not inside a character
  return name.substr(0, bytes) + "…";
}

std::string percent(double share) {
  if (share == 0) return "";
  return share < 0.005 ? "·" : fmt::format("{:.0f}", 100 * share);
}

struct Table {
  std::vector<std::string> rows, columns;
  std::vector<std::vector<std::int64_t>> counts;
};

Table table_of(const ConfusionMatrix& confusion, const std::vector<std::string>& names) {
  const auto known = static_cast<std::int64_t>(names.size());
  Table table{names, names, {}};
  std::int64_t others = 0;
  for (std::int64_t i = 0; i < known; ++i) {
    std::vector<std::int64_t> row;
    std::int64_t rest = 0;
    for (std::int64_t j = 0; j < confusion.classes(); ++j)
      (j < known ? row.emplace_back() : rest) += confusion.count(i, j);
    row.push_back(rest);
    others += rest;
    table.counts.push_back(std::move(row));
  }
  if (others > 0)
    table.columns.emplace_back("other");
  else
    for (std::vector<std::int64_t>& row : table.counts) row.pop_back();
  return table;
}

/// Of a row. Where there are many classes, those without a pixel are left out: only their ground is drawn.
std::string cells(const Table& table, std::size_t row, const Sizes& sizes, double x0, double y) {
  std::int64_t total = 0;
  for (const std::int64_t count : table.counts[row]) total += count;
  std::string svg;
  if (!sizes.numbers)
    svg = fmt::format(R"(<rect class="cell" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", x0, y,
                      sizes.cell * static_cast<double>(table.columns.size()) - 1, sizes.cell - 1);
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    const std::int64_t count = table.counts[row][j];
    if (!sizes.numbers && count == 0) continue;
    const double share = total == 0 ? 0 : static_cast<double>(count) / static_cast<double>(total);
    const double x = x0 + static_cast<double>(j) * sizes.cell;
    svg += fmt::format("<g><title>{} taken for {}: {:.2f} %, {} pixels</title>", escape_html(table.rows[row]),
                       escape_html(table.columns[j]), 100 * share, grouped(count));
    if (sizes.numbers)
      svg += fmt::format(R"(<rect class="cell" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", x, y,
                         sizes.cell - 1, sizes.cell - 1);
    if (share > 0)
      svg += fmt::format(
          R"svg(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" fill="var({})" fill-opacity="{:.3f}"/>)svg",
          x, y, sizes.cell - 1, sizes.cell - 1, j == row ? "--blue" : "--red",
          0.03 + 0.97 * (sizes.numbers ? share : std::sqrt(share)));
    if (sizes.numbers && share > 0)
      svg += fmt::format(R"(<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">{}</text>)",
                         share > 0.45 ? "on" : "off", x + sizes.cell / 2, y + sizes.cell / 2 + 4, percent(share));
    svg += "</g>";
  }
  return svg;
}

}  // namespace

std::string confusion_picture(const ConfusionMatrix& confusion, const std::vector<std::string>& names) {
  const Table table = table_of(confusion, names);
  const Sizes sizes(table.columns.size());
  std::size_t longest = 1;
  for (const std::string& name : table.columns) longest = std::max(longest, count_columns(shortened(name)));
  const double margin = 14 + 0.6 * sizes.font * static_cast<double>(longest);
  const double width =
      margin + sizes.cell * static_cast<double>(table.columns.size()) + (sizes.upright ? 4 : margin * 0.75);
  const double height = margin + sizes.cell * static_cast<double>(table.rows.size()) + 4;
  std::string svg = fmt::format(
      R"(<div class="scroll"><svg class="confusion" style="width:{:.0f}px;font-size:{:.0f}px" viewBox="0 0 {:.0f} {:.0f}" role="img" )"
      R"(aria-label="confusion matrix">)",
      width, sizes.font, width, height);
  for (std::size_t j = 0; j < table.columns.size(); ++j) {
    const double x = margin + (static_cast<double>(j) + 0.5) * sizes.cell + (sizes.upright ? sizes.font / 3 : 4);
    svg += fmt::format(R"svg(<text x="{0:.1f}" y="{1:.1f}" transform="rotate({2} {0:.1f} {1:.1f})">{3}</text>)svg", x,
                       margin - 6, sizes.upright ? -90 : -50, escape_html(shortened(table.columns[j])));
  }
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const double y = margin + static_cast<double>(i) * sizes.cell;
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>)", margin - 6,
                       y + sizes.cell / 2 + sizes.font / 3, escape_html(shortened(table.rows[i])));
    svg += cells(table, i, sizes, margin, y);
  }
  return svg + "</svg></div>";
}

}  // namespace inlay
