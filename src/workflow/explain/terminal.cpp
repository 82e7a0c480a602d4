#include <algorithm>
#include <array>

#include "base/fail.h"
#include "base/wrap.h"
#include "workflow/explain/pictures.h"
#include "workflow/explain/writers.h"

namespace inlay {
namespace {

constexpr std::size_t kColumns = 80, kIndent = 2;
/// Columns that a table's first column has at the least.
constexpr std::size_t kLeastName = 12;
/// Rows and columns of a grid that are shown; of more, the first and the last.
constexpr std::int64_t kMostRows = 20, kLastRows = 2;
/// Pixels of a picture, each two characters wide.
constexpr std::int64_t kMostPixels = 38;

/// Lines of text, each filled up to the same number of columns.
struct Block {
  std::vector<std::string> lines;
  std::size_t columns = 0;

  void add(std::string line) {
    columns = std::max(columns, count_columns(line));
    lines.push_back(std::move(line));
  }
};

std::string filled(const std::string& text, std::size_t columns, bool right = false) {
  const std::string space(columns - std::min(columns, count_columns(text)), ' ');
  return right ? space + text : text + space;
}

std::string cell_text(const Grid& grid, std::int64_t row, std::int64_t column, int decimals) {
  const double value = grid.at(row, column);
  return grid.look == Grid::Look::matrix && value == 0 ? "·" : number_text(value, decimals);
}

Block number_block(const Grid& grid) {
  const int decimals = decimals_of(grid.values);
  std::size_t width = 1;
  for (const double value : grid.values) width = std::max(width, number_text(value, decimals).size());
  const auto room = static_cast<std::int64_t>((kColumns - kIndent) / (width + 1));
  const bool wide = grid.columns > room, tall = grid.rows > kMostRows;
  Block block;
  block.add(wide || tall ? fmt::format("{} ({}x{})", grid.name, grid.rows, grid.columns) : grid.name);
  for (std::int64_t row = 0; row < grid.rows; ++row) {
    if (tall && row == kMostRows - kLastRows - 1) {
      block.add("⋮");
      row = grid.rows - kLastRows;
    }
    std::string line;
    for (std::int64_t column = 0; column < grid.columns; ++column) {
      const bool cut = wide && column == room - 2;
      if (cut) column = grid.columns - 1;
      const std::string space = column == 0 ? "" : " ";
      line += (cut ? space + filled("…", width, true) : "") + space +
              filled(cell_text(grid, row, column, decimals), width, true);
    }
    block.add(line);
  }
  return block;
}

Block picture_block(const Grid& grid) {
  constexpr std::array<const char*, 5> kShades{"  ", "░░", "▒▒", "▓▓", "██"};
  const Image small = shrunk(grey_picture(grid), kMostPixels);
  Block block;
  block.add(grid.name);
  for (std::int64_t row = 0; row < small.height(); ++row) {
    std::string line;
    for (std::int64_t column = 0; column < small.width(); ++column) {
      const int grey = small.pixels.data<std::uint8_t>()[static_cast<std::size_t>(row * small.width() + column)];
      line += kShades[static_cast<std::size_t>((grey * 4 + 127) / 255)];
    }
    block.add(line);
  }
  return block;
}

/// The blocks next to each other, the signs between them at the middle of the lowest.
std::string beside(std::span<const Block> blocks, std::span<const Grid> grids) {
  std::size_t height = 0, middle = blocks.front().lines.size();
  for (const Block& block : blocks) {
    height = std::max(height, block.lines.size());
    middle = std::min(middle, block.lines.size() / 2);
  }
  std::string text;
  for (std::size_t row = 0; row < height; ++row) {
    std::string line(kIndent, ' ');
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (i > 0) {
        const std::string& sign = grids[i].sign;
        line += "  " + (sign.empty() ? " " : filled(row == middle ? sign : "", count_columns(sign)) + "  ");
      }
      line += filled(row < blocks[i].lines.size() ? blocks[i].lines[row] : "", blocks[i].columns);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string grids_text(const std::vector<Grid>& grids) {
  std::vector<Block> blocks;
  for (const Grid& grid : grids)
    blocks.push_back(grid.look == Grid::Look::picture ? picture_block(grid) : number_block(grid));
  std::string text;
  for (std::size_t first = 0; first < blocks.size();) {
    std::size_t end = first, columns = kIndent;
    while (end < blocks.size()) {
      const std::size_t more = blocks[end].columns + (end > first ? 4 + count_columns(grids[end].sign) : 0);
      if (end > first && columns + more > kColumns) break;
      columns += more;
      ++end;
    }
    if (first > 0) {
      std::string& name = blocks[first].lines.front();
      name = grids[first].sign.empty() ? name : grids[first].sign + " " + name;
      blocks[first].columns = std::max(blocks[first].columns, count_columns(name));
      text += '\n';
    }
    text += beside(std::span(blocks).subspan(first, end - first), std::span(grids).subspan(first, end - first));
    first = end;
  }
  return text;
}

/// The end of a name that is too long says more than its start. Names are ASCII.
std::string ending(const std::string& text, std::size_t columns) {
  return count_columns(text) <= columns ? text : "…" + text.substr(text.size() - (columns - 1));
}

std::string table_text(const ExplainTable& table) {
  std::vector<std::size_t> widths(table.head.size());
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], count_columns(row[i]));
  };
  measure(table.head);
  for (const auto& row : table.rows) measure(row);
  std::size_t others = kIndent;
  for (std::size_t i = 1; i < widths.size(); ++i) others += widths[i] + 2;
  widths[0] = std::min(widths[0], kColumns - std::min(others, kColumns - kLeastName));
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line = std::string(kIndent, ' ') + filled(ending(row[0], widths[0]), widths[0]);
    for (std::size_t i = 1; i < row.size(); ++i) line += "  " + filled(row[i], widths[i], is_number_column(table, i));
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  add(table.head);
  for (const auto& row : table.rows) add(row);
  return text;
}

std::string check_text(const ExplainCheck& check) {
  const std::string size = check.difference == 0 ? "0" : fmt::format("{:.1e}", check.difference);
  return fmt::format("  {} {}\n", check.holds ? "✓" : "✗", wrap(fmt::format("{}: difference {}", check.what, size), 4));
}

}  // namespace

std::string to_text(const Explanation& e) {
  std::string line;
  for (std::size_t i = 0; i < kColumns; ++i) line += "─";
  std::string text = fmt::format("{}\n{}\n{}\n", e.title, line, wrap(e.text, 0));
  for (const ExplainPart& part : e.parts) {
    text += fmt::format("\n{}\n", wrap(part.caption, 0));
    if (!part.grids.empty()) text += grids_text(part.grids);
    if (!part.table.rows.empty()) text += table_text(part.table);
    if (!part.below.empty()) text += std::string(kIndent, ' ') + wrap(part.below, kIndent) + '\n';
  }
  if (!e.checks.empty()) text += "\nChecked\n";
  for (const ExplainCheck& check : e.checks) text += check_text(check);
  return text;
}

}  // namespace inlay
