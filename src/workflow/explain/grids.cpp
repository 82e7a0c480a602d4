#include "workflow/explain/grids.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/fail.h"

namespace inlay {
namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

double parse_number(std::string_view where, std::string_view word) {
  double value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
    fail_input("{}: '{}' is no number; expected rows of numbers, as \"1 2; 3 4\"", where, word);
  return value;
}

}  // namespace

Grid parse_grid(std::string_view where, std::string_view text) {
  Grid grid;
  for (const std::string_view row : split(text, ";\n")) {
    const auto words = split(row, " ,\t\r");
    if (words.empty()) continue;
    const auto columns = static_cast<std::int64_t>(words.size());
    if (grid.rows > 0 && columns != grid.columns)
      fail_input("{}: row {} has {} numbers and row 0 has {}; expected as many in each", where, grid.rows, columns,
                 grid.columns);
    grid.columns = columns;
    ++grid.rows;
    for (const std::string_view word : words) grid.values.push_back(parse_number(where, word));
  }
  if (grid.rows == 0) fail_input("{}: there is no number; expected rows of numbers, as \"1 2; 3 4\"", where);
  return grid;
}

Grid made_up_grid(Size2 size) {
  Grid grid = filled_grid(size, 0);
  for (std::int64_t y = 0; y < size.h; ++y)
    for (std::int64_t x = 0; x < size.w; ++x)
      grid.values[static_cast<std::size_t>(y * size.w + x)] =
          static_cast<double>((3 * y * y + 5 * x + 7 * y * x) % 9 + 1);
  return grid;
}

Grid filled_grid(Size2 size, double value) {
  return {.rows = size.h,
          .columns = size.w,
          .values = std::vector<double>(static_cast<std::size_t>(size.h * size.w), value)};
}

Grid flattened(Grid grid) {
  grid.columns *= grid.rows;
  grid.rows = 1;
  return grid;
}

Grid transposed(const Grid& grid) {
  Grid out = grid;
  std::swap(out.rows, out.columns);
  for (std::int64_t y = 0; y < grid.rows; ++y)
    for (std::int64_t x = 0; x < grid.columns; ++x)
      out.values[static_cast<std::size_t>(x * grid.rows + y)] = grid.at(y, x);
  return out;
}

Grid named(Grid grid, std::string name, std::string sign) {
  grid.name = std::move(name);
  grid.sign = std::move(sign);
  return grid;
}

int decimals_of(std::span<const double> values) {
  double largest = 0;
  int decimals = 0;
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
    for (; decimals < 5; ++decimals) {
      const double shifted = value * std::pow(10, decimals);
      if (std::abs(shifted - std::round(shifted)) <= 1e-6 * std::max(1.0, std::abs(shifted))) break;
    }
  }
  if (decimals == 0) return 0;
  if (decimals < 5) return std::max(decimals, 2);
  return largest < 1 ? 3 : 2;
}

std::string number_text(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text[0] == '-') text.erase(0, 1);
  return text;
}

double difference(const Grid& a, const Grid& b) {
  if (a.rows != b.rows || a.columns != b.columns) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) largest = std::max(largest, std::abs(a.values[i] - b.values[i]));
  return largest;
}

Grid product(const Grid& matrix, const Grid& vector, Size2 size) {
  Grid out = filled_grid(size, 0);
  for (std::int64_t row = 0; row < matrix.rows; ++row)
    for (std::int64_t column = 0; column < matrix.columns; ++column)
      out.values.at(static_cast<std::size_t>(row)) +=
          matrix.at(row, column) * vector.values.at(static_cast<std::size_t>(column));
  return out;
}

}  // namespace inlay
