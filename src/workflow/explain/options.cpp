#include "workflow/explain/options.h"

#include <cmath>

namespace inlay {
namespace {

constexpr std::int64_t kMostPixels = 1024;
/// Of any number that is a size, a stride, a factor, ...
constexpr std::int64_t kLargest = 1 << 20;

/// One or two values with `separator` between them; false when the text is something else or beyond all use.
template <class T>
bool read_pair(std::string_view text, char separator, T& first, T& second) {
  const std::size_t at = text.find(separator);
  const auto read = [](std::string_view word, T& value) {
    try {
      parse_setting("", word, value);
    } catch (const InputError&) {
      return false;
    }
    return std::abs(value) <= kLargest;
  };
  if (!read(text.substr(0, at), first)) return false;
  second = first;
  return at == std::string_view::npos || read(text.substr(at + 1), second);
}

std::string pair_text(const auto& first, const auto& second) {
  return first == second ? fmt::format("{}", first) : fmt::format("{}x{}", first, second);
}

/// What was asked for by size, by numbers, or not at all.
Grid chosen(std::string_view size_name, std::string_view numbers_name, const std::optional<Size2>& size,
            const std::optional<Grid>& numbers, const Grid& standard) {
  if (size && (size->h < 1 || size->w < 1)) fail_input("{} is {}x{}, expected >= 1", size_name, size->h, size->w);
  const Size2 wanted =
      numbers ? Size2(numbers->rows, numbers->columns) : size.value_or(Size2(standard.rows, standard.columns));
  if (size && wanted != *size)
    fail_input("{} is {}x{}, but {} has {}x{} numbers; leave one of the two out", size_name, size->h, size->w,
               numbers_name, wanted.h, wanted.w);
  if (wanted.h > kMostPixels / wanted.w)
    fail_input("{} is {}x{}; numbers are shown for up to {} pixels, as 32x32", size_name, wanted.h, wanted.w,
               kMostPixels);
  if (numbers) return *numbers;
  return wanted == Size2(standard.rows, standard.columns) ? standard : made_up_grid(wanted);
}

}  // namespace

void parse_setting(std::string_view where, std::string_view text, Size2& value) {
  if (!read_pair(text, 'x', value.h, value.w))
    fail_input("{}: '{}' is no size; expected N or HxW, as 3 or 3x5", where, text);
}

void parse_setting(std::string_view where, std::string_view text, Padding& value) {
  std::int64_t vertical = 0, horizontal = 0;
  if (!read_pair(text, 'x', vertical, horizontal))
    fail_input("{}: '{}' is no padding; expected N, or VxH for rows and columns on each side", where, text);
  value = Padding(vertical, horizontal);
}

void parse_setting(std::string_view where, std::string_view text, Scale2& value) {
  if (!read_pair(text, 'x', value.h, value.w))
    fail_input("{}: '{}' is no factor; expected a number, or two as 1.5x2", where, text);
}

void parse_setting(std::string_view where, std::string_view text, PixelAt& value) {
  if (text.find(',') == std::string_view::npos || !read_pair(text, ',', value.row, value.column))
    fail_input("{}: '{}' is no pixel; expected ROW,COLUMN, counted from 0, as 0,1", where, text);
}

void parse_setting(std::string_view where, std::string_view text, Grid& value) { value = parse_grid(where, text); }

void parse_setting(std::string_view, std::string_view text, std::string& value) { value = text; }

void expect_within(std::string_view name, std::int64_t value, std::int64_t least, std::int64_t most) {
  if (value < least || value > most) fail_input("{} is {}, expected {} to {}", name, value, least, most);
}

std::string option_text(Size2 value) { return pair_text(value.h, value.w); }
std::string option_text(Padding value) { return pair_text(value.top, value.left); }
std::string option_text(Scale2 value) { return pair_text(value.h, value.w); }
std::string option_text(PixelAt value) { return fmt::format("{},{}", value.row, value.column); }

std::string option_text(const Grid& value) {
  std::string text;
  for (std::int64_t row = 0; row < value.rows; ++row)
    for (std::int64_t column = 0; column < value.columns; ++column)
      text += fmt::format("{}{}", column > 0 ? " " : row > 0 ? "; " : "", value.at(row, column));
  return text;
}

Grid InputChoice::grid(const Grid& standard) const { return chosen("size", "input", size, input, standard); }

Grid KernelChoice::grid(const Grid& standard) const { return chosen("kernel", "weights", kernel, weights, standard); }

}  // namespace inlay
