#include "workflow/explain/linear.h"

#include <algorithm>
#include <cmath>

namespace inlay {
namespace {

constexpr std::size_t kMostProducts = 12;

double inner(const Grid& a, const Grid& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) sum += a.values[i] * b.values[i];
  return sum;
}

PixelAt richest(const std::vector<std::vector<GridLink>>& links, std::int64_t columns) {
  const auto most = std::ranges::max_element(links, {}, [](const auto& row) { return row.size(); });
  const std::int64_t index = most - links.begin();
  return {index / columns, index % columns};
}

}  // namespace

std::string products_text(const Grid& matrix, const Grid& input, const Grid& output, std::optional<PixelAt> asked) {
  const auto links = links_of(matrix);
  const PixelAt at = asked.value_or(richest(links, output.columns));
  if (at.row < 0 || at.row >= output.rows || at.column < 0 || at.column >= output.columns)
    fail_input("at is {},{}, outside of the {}x{} output", at.row, at.column, output.rows, output.columns);
  const auto& row = links[static_cast<std::size_t>(at.row * output.columns + at.column)];
  std::vector<double> weights;
  for (const GridLink& link : row) weights.push_back(link.weight);
  const int decimals = decimals_of(weights), input_decimals = decimals_of(input.values);
  std::string sum;
  const auto factor = [](double value, int digits) {
    return value < 0 ? fmt::format("({})", number_text(value, digits)) : number_text(value, digits);
  };
  for (std::size_t i = 0; i < std::min(row.size(), kMostProducts); ++i)
    sum += fmt::format("{}{}·{}", i == 0 ? "" : " + ",
                       factor(input.values[static_cast<std::size_t>(row[i].input)], input_decimals),
                       factor(row[i].weight, decimals));
  if (row.size() > kMostProducts) sum += fmt::format(" + {} more", row.size() - kMostProducts);
  const std::string result = number_text(output.at(at.row, at.column), decimals_of(output.values));
  return fmt::format("output ({}, {}) = {}{}", at.row, at.column, row.empty() ? "" : sum + " = ", result);
}

void add_matrix_parts(Explanation& e, const PlaneOperator& op, const Grid& input, const Grid& output,
                      const Grid& matrix) {
  const std::string there = forward_operator(op, size_of(input)), back = back_operator(op, size_of(input));
  const Grid transpose = transposed(matrix), x_back = apply_back(op, input, output);
  e.parts.push_back({fmt::format("As a matrix: {} is A, {} x {}, a row for each output; {} is Aᵀ", there, matrix.rows,
                                 matrix.columns, back),
                     {named(matrix, "A"), named(transpose, "Aᵀ")},
                     {},
                     ""});
  e.parts.push_back({"A times the input, written as one row of numbers",
                     {named(flattened(input), "input"), named(flattened(output), "A · input", "→")},
                     {},
                     ""});
  e.parts.push_back({fmt::format("The way back: {} on the output", back),
                     {named(output, "output"), named(x_back, "Aᵀ · output", "→")},
                     {},
                     ""});
  const Grid y = made_up_grid(size_of(output)), multiplied = product(matrix, flattened(input), size_of(output));
  const double ax_y = inner(output, y), x_aty = inner(input, apply_back(op, input, y));
  e.checks.push_back(
      check(fmt::format("A times the input is what {} gives", there), difference(multiplied, output), output));
  e.checks.push_back(
      check(fmt::format("the matrix of {} is Aᵀ", back), difference(back_matrix_of(op, input), transpose), matrix));
  e.checks.push_back(
      check(fmt::format("⟨A x, y⟩ = ⟨x, Aᵀ y⟩ = {:.6g}", ax_y), std::abs(ax_y - x_aty), filled_grid(1, ax_y)));
  add_fast_check(e, op, input, output);
}

void add_fast_check(Explanation& e, const PlaneOperator& op, const Grid& input, const Grid& output,
                    std::string_view what) {
  e.checks.push_back(check(fmt::format("the fast kernels give {} too", what), difference(apply_fast(op, input), output),
                           output, 1e-5));
}

ExplainCheck check(std::string what, double difference, const Grid& numbers, double tolerance) {
  double largest = 1;
  for (const double value : numbers.values) largest = std::max(largest, std::abs(value));
  return {std::move(what), difference, difference <= tolerance * largest};
}

std::vector<std::vector<GridLink>> links_of(const Grid& matrix) {
  std::vector<std::vector<GridLink>> links(static_cast<std::size_t>(matrix.rows));
  for (std::int64_t row = 0; row < matrix.rows; ++row)
    for (std::int64_t column = 0; column < matrix.columns; ++column)
      if (const double weight = matrix.at(row, column); weight != 0)
        links[static_cast<std::size_t>(row)].push_back({column, weight});
  return links;
}

}  // namespace inlay
