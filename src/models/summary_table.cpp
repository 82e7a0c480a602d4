#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/grouped.h"
#include "inlay/summary.h"

namespace inlay {
namespace {

constexpr std::size_t kName = 28, kShape = 14, kCount = 11, kFrom = 24;  // and three gaps of one: 80 columns

/// The end of a name that is too long says more than its start.
std::string fit(std::string_view text, std::size_t width) {
  return text.size() <= width ? std::string(text) : fmt::format("…{}", text.substr(text.size() - (width - 1)));
}

/// HxWxC; what is no picture as it is, without N.
std::string picture_shape(const Shape& shape) {
  if (shape.rank() == 4) return fmt::format("{}x{}x{}", shape[2], shape[3], shape[1]);
  return to_string(shape);
}

std::string with_unit(double number, std::initializer_list<const char*> units, double step) {
  auto unit = units.begin();
  while (number >= step && unit + 1 != units.end()) {
    number /= step;
    ++unit;
  }
  const int digits = number >= 100 || unit == units.begin() ? 0 : number >= 10 ? 1 : 2;
  return fmt::format("{:.{}f}{}", number, digits, *unit);
}

std::string bytes(std::int64_t count) {
  return with_unit(static_cast<double>(count), {" B", " KiB", " MiB", " GiB", " TiB"}, 1024);
}

std::string rule(std::string_view stroke) {
  std::string line;
  for (int i = 0; i < 80; ++i) line += stroke;
  return line + '\n';
}

std::string table_line(std::string_view name, std::string_view shape, std::string_view count, std::string_view from) {
  std::string line = fmt::format("{:<{}} {:<{}} {:>{}} {}", fit(name, kName), kName, fit(shape, kShape), kShape, count,
                                 kCount, fit(from, kFrom));
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

}  // namespace

std::string to_string(const Summary& summary) {
  std::string text = rule("━") + table_line("Layer", "Output HxWxC", "Parameters", "Connected to") + rule("─");
  for (const SummaryRow& row : summary.rows) {
    const std::string first = row.connected_to.empty() ? "" : row.connected_to[0];
    text += table_line(row.name, picture_shape(row.output), grouped(row.parameters), first);
    for (std::size_t i = 1; i < row.connected_to.size(); ++i) text += table_line("", "", "", row.connected_to[i]);
  }
  text += rule("━");
  text += fmt::format("Parameters        {} ({})\n", grouped(summary.parameters + summary.state),
                      bytes(4 * (summary.parameters + summary.state)));
  text +=
      fmt::format("  trained         {}\n  not trained     {}\n", grouped(summary.parameters), grouped(summary.state));
  text +=
      fmt::format("Multiply-adds     {}\n", with_unit(static_cast<double>(summary.multiply_adds),
                                                      {"", " thousand", " million", " billion", " trillion"}, 1000));
  text += summary.sees_everything
              ? "Receptive field   the whole picture\n"
              : fmt::format("Receptive field   {}x{} pixels\n", summary.receptive_field_h, summary.receptive_field_w);
  text += fmt::format("Memory, about     {} for inference, {} for training\n", bytes(summary.inference_bytes),
                      bytes(summary.training_bytes));
  return text;
}

}  // namespace inlay
