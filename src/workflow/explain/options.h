// A topic's options, given as text by name. A struct lists its fields once, with what help says about them:
//   static void visit(auto& self, auto&& field) { field("stride", self.stride, "from one output to the next"); }
#pragma once

#include <algorithm>
#include <map>
#include <optional>

#include "models/settings.h"
#include "workflow/explain/grids.h"

namespace inlay {

using ExplainTexts = std::map<std::string, std::string>;

/// Row and column of a pixel, counted from 0.
struct PixelAt {
  std::int64_t row = 0, column = 0;
};

/// "3" or "3x5".
void parse_setting(std::string_view where, std::string_view text, Size2& value);
/// "1" for all sides, "1x2" for top and bottom, left and right.
void parse_setting(std::string_view where, std::string_view text, Padding& value);
/// "2" or "1.5x2".
void parse_setting(std::string_view where, std::string_view text, Scale2& value);
/// "0,1".
void parse_setting(std::string_view where, std::string_view text, PixelAt& value);
void parse_setting(std::string_view where, std::string_view text, Grid& value);
void parse_setting(std::string_view where, std::string_view text, std::string& value);
template <class T>
void parse_setting(std::string_view where, std::string_view text, std::optional<T>& value) {
  auto parsed = [] {
    if constexpr (std::is_default_constructible_v<T>)
      return T{};
    else
      return T(1);
  }();
  parse_setting(where, text, parsed);
  value = std::move(parsed);
}

/// Throws InputError unless least <= value <= most.
void expect_within(std::string_view name, std::int64_t value, std::int64_t least, std::int64_t most);

/// As parse_setting reads it; "" for nothing.
std::string option_text(Size2 value);
std::string option_text(Padding value);
std::string option_text(Scale2 value);
std::string option_text(PixelAt value);
std::string option_text(const Grid& value);
inline std::string option_text(const std::string& value) { return value; }
template <class T>
std::string option_text(const std::optional<T>& value) {
  return value ? option_text(*value) : "";
}
template <class T>
std::string option_text(const T& value) {
  return print_setting(value);
}

/// Throws InputError for an option that the topic does not have and for a value that cannot be understood.
template <class Options>
Options read_options(std::string_view topic, const ExplainTexts& texts) {
  Options options;
  std::vector<std::string_view> names;
  Options::visit(options, [&](std::string_view name, auto& field, std::string_view) {
    names.push_back(name);
    if (const auto found = texts.find(std::string(name)); found != texts.end())
      parse_setting(name, found->second, field);
  });
  for (const auto& [name, text] : texts)
    if (std::ranges::find(names, name) == names.end())
      fail_input("there is no option '{}'; the options of {} are {}{}", name, topic, fmt::join(names, ", "),
                 suggestion(name, names));
  return options;
}

template <class Options>
std::vector<ExplainOption> list_options() {
  std::vector<ExplainOption> list;
  const Options standard{};
  Options::visit(standard, [&](std::string_view name, const auto& field, std::string_view about) {
    list.push_back({std::string(name), std::string(about), option_text(field)});
  });
  return list;
}

/// The input, by its size or by its numbers.
struct InputChoice {
  std::optional<Size2> size;
  std::optional<Grid> input;
  static void visit(auto& self, auto&& field) {
    field("size", self.size, "of the input, N or HxW, with made-up numbers in it");
    field("input", self.input, "its numbers, row by row: \"1 2 3; 4 5 6\"");
  }
  /// `standard` unless something else was asked for. Throws InputError for more than 32x32 pixels and when size and
  /// numbers disagree.
  Grid grid(const Grid& standard) const;
};

/// The kernel, by its size or by its weights.
struct KernelChoice {
  std::optional<Size2> kernel;
  std::optional<Grid> weights;
  static void visit(auto& self, auto&& field) {
    field("kernel", self.kernel, "its size, N or HxW, with made-up weights in it");
    field("weights", self.weights, "its weights, row by row");
  }
  /// As InputChoice::grid().
  Grid grid(const Grid& standard) const;
};

}  // namespace inlay
