#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "base/fail.h"
#include "inlay/version.h"
#include "workflow/explain/page/files.h"
#include "workflow/explain/pictures.h"
#include "workflow/explain/writers.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

/// Cells of a table; a larger grid is drawn as a picture.
constexpr std::size_t kMostCells = 4096;

std::string grid_table(const Grid& grid) {
  const int decimals = decimals_of(grid.values);
  double largest = 0;
  for (const double value : grid.values) largest = std::max(largest, std::abs(value));
  const bool matrix = grid.look == Grid::Look::matrix, row_of_many = grid.rows == 1 && grid.columns > 24;
  std::string html = fmt::format(R"(<table class="grid{}">)", matrix ? " matrix" : row_of_many ? " long" : "");
  for (std::int64_t row = 0; row < grid.rows; ++row) {
    html += "<tr>";
    for (std::int64_t column = 0; column < grid.columns; ++column) {
      const double value = grid.at(row, column);
      if (value == 0)
        html += "<td>";
      else
        html += fmt::format(R"(<td class="{}" style="--h:{}">)", value > 0 ? "p" : "n",
                            std::max<long>(2, std::lround(9 * std::abs(value) / largest)));
      html += number_text(value, decimals) + "</td>";
    }
    html += "</tr>";
  }
  return html + "</table>";
}

std::string grid_figure(const Grid& grid) {
  const bool picture = grid.look == Grid::Look::picture || grid.values.size() > kMostCells;
  const std::string body =
      picture ? fmt::format(R"(<img class="picture" src="{}" alt="{}">)", picture_url(grid), escape_html(grid.name))
              : grid_table(grid);
  return fmt::format("<figure><figcaption>{}</figcaption>{}</figure>", escape_html(grid.name), body);
}

std::string data_table(const ExplainTable& table) {
  const auto row_html = [&](const std::vector<std::string>& row, std::string_view tag) {
    std::string html = "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      html += fmt::format("<{}{}>{}</{}>", tag, is_number_column(table, i) ? "" : R"( class="text")",
                          escape_html(row[i]), tag);
    return html + "</tr>";
  };
  std::string html = R"(<div class="scroll"><table class="data">)" + row_html(table.head, "th");
  for (const auto& row : table.rows) html += row_html(row, "td");
  return html + "</table></div>";
}

std::string part_html(const ExplainPart& part) {
  std::string html = fmt::format(R"(<div class="part"><h3>{}</h3>)", escape_html(part.caption));
  if (!part.grids.empty()) {
    html += R"(<div class="grids">)";
    for (const Grid& grid : part.grids) {
      if (!grid.sign.empty()) html += fmt::format(R"(<span class="sign">{}</span>)", escape_html(grid.sign));
      html += grid_figure(grid);
    }
    html += "</div>";
  }
  if (!part.table.rows.empty()) html += data_table(part.table);
  if (!part.below.empty()) html += fmt::format(R"(<p class="below">{}</p>)", escape_html(part.below));
  return html + "</div>\n";
}

std::string checks_html(std::span<const ExplainCheck> checks) {
  if (checks.empty()) return "";
  std::string html = R"(<ul class="checks">)";
  for (const ExplainCheck& check : checks)
    html += fmt::format(R"(<li{}><b>{}</b>{}: difference {}</li>)", check.holds ? "" : R"( class="wrong")",
                        check.holds ? "✓" : "✗", escape_html(check.what),
                        check.difference == 0 ? "0" : fmt::format("{:.1e}", check.difference));
  return html + "</ul>\n";
}

std::string section_html(const Explanation& e, bool with_title) {
  std::string html = fmt::format(R"(<section id="{}">)", escape_html(e.topic));
  if (with_title) html += fmt::format("<h2>{}</h2>", escape_html(e.title));
  html += fmt::format("<p>{}</p>\n", escape_html(e.text));
  if (!e.playground.variants.empty())
    html += fmt::format(R"(<div class="play" data-topic="{}"><script type="application/json">{}</script></div>)"
                        "\n",
                        escape_html(e.topic), playground_json(e.playground));
  html += R"(<div class="parts">)";
  for (const ExplainPart& part : e.parts) html += part_html(part);
  html += "</div>" + checks_html(e.checks);
  return html + fmt::format(R"(<p class="below"><code>inlay explain {}</code></p></section>)"
                            "\n",
                            escape_html(e.topic));
}

std::string contents_html(std::span<const Explanation> explanations) {
  std::string html = R"(<section><h2>Contents</h2><ol class="contents">)";
  for (const Explanation& e : explanations) {
    std::string about;
    for (const ExplainTopic& topic : explain_topics())
      if (topic.name == e.topic) about = topic.about;
    html += fmt::format(R"(<li><a href="#{}">{}</a><span>{}</span></li>)", escape_html(e.topic), escape_html(e.title),
                        escape_html(about));
  }
  return html + "</ol></section>\n";
}

}  // namespace

bool is_number_column(const ExplainTable& table, std::size_t column) {
  return column > 0 && std::ranges::any_of(table.rows, [&](const auto& row) {
           return !row[column].empty() && std::isdigit(static_cast<unsigned char>(row[column][0])) != 0;
         });
}

std::string to_html(std::span<const Explanation> explanations) {
  const std::string title = explanations.size() == 1 ? explanations[0].title : "Dense prediction, operator by operator";
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">";
  html += fmt::format("<title>{} &ndash; Inlay</title>\n<style>{}{}</style></head>\n<body><main>\n", escape_html(title),
                      kReportStyle, kLectureStyle);
  html += fmt::format(
      "<h1>{}</h1>\n<p class=\"under\">All numbers were computed by Inlay's operators. Move the sliders, step through "
      "the "
      "output, point at pixels.</p>\n",
      escape_html(title));
  if (explanations.size() > 1) html += contents_html(explanations);
  for (const Explanation& e : explanations) html += section_html(e, explanations.size() > 1);
  return html + fmt::format("<p class=\"under\">Inlay {}</p>\n</main>\n<script>{}</script>\n</body></html>\n", kVersion,
                            kLectureScript);
}

}  // namespace inlay
