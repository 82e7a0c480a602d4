// A network's own options, given as text by name. An options struct lists its fields once, as the operators' options
// do:
//   static void visit(auto& self, auto&& field) { field("width", self.width); }
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "graph/options.h"

namespace inlay {

using SettingTexts = std::map<std::string, std::string>;

/// `where` is "unet: width". Each throws InputError when the text is of another kind.
void parse_setting(std::string_view where, std::string_view text, std::int64_t& value);
void parse_setting(std::string_view where, std::string_view text, double& value);
void parse_setting(std::string_view where, std::string_view text, bool& value);
/// "0.1" or "0.1, 0.2" or "[0.1, 0.2]".
void parse_setting(std::string_view where, std::string_view text, std::vector<double>& value);
void parse_setting(std::string_view where, std::string_view text, std::vector<std::int64_t>& value);
template <NamedEnum E>
void parse_setting(std::string_view where, std::string_view text, E& value) {
  const auto names = enum_names(value);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] != text) continue;
    value = static_cast<E>(i);
    return;
  }
  fail_input("{} is '{}', expected one of {}{}", where, text, fmt::join(names, ", "), suggestion(text, names));
}
/// "none", or one of the names.
template <NamedEnum E>
void parse_setting(std::string_view where, std::string_view text, std::optional<E>& value) {
  if (text == "none") return value.reset();
  const auto names = enum_names(E{});
  if (std::ranges::find(names, text) == names.end())
    fail_input("{} is '{}', expected none or one of {}{}", where, text, fmt::join(names, ", "),
               suggestion(text, names));
  parse_setting(where, text, value.emplace());
}

std::string print_setting(double value);
std::string print_setting(const std::vector<double>& value);
std::string print_setting(const std::vector<std::int64_t>& value);
template <class T>
std::string print_setting(const T& value) {
  return to_string(to_attribute(value));
}
template <NamedEnum E>
std::string print_setting(const std::optional<E>& value) {
  return value ? print_setting(*value) : "none";
}

/// `channels` of the paper times `width`, to the nearest, at least 1.
std::int64_t scaled(std::int64_t channels, double width);

/// What settings of these names may be in every network. A factor of the paper's channels: above 0 and at most 8.
void check_width(std::string_view network, double width);
/// Channels of the first level: 1 to 1024.
void check_width(std::string_view network, std::int64_t width);
/// 0 <= dropout < 1.
void check_dropout(std::string_view network, double dropout);

template <class Settings>
void check_common(std::string_view network, const Settings& settings) {
  if constexpr (requires { check_width(network, settings.width); }) check_width(network, settings.width);
  if constexpr (requires { check_dropout(network, settings.dropout); }) check_dropout(network, settings.dropout);
}

/// Throws InputError for a name that Settings does not have (with the nearest one), for a value of the wrong kind, and
/// for a width or dropout out of range.
template <class Settings>
Settings parse_settings(std::string_view network, const SettingTexts& texts) {
  Settings settings;
  std::vector<std::string_view> names;
  Settings::visit(settings, [&](std::string_view name, auto& field) {
    names.push_back(name);
    const auto found = texts.find(std::string(name));
    if (found != texts.end()) parse_setting(fmt::format("{}: {}", network, name), found->second, field);
  });
  for (const auto& [name, text] : texts)
    if (std::ranges::find(names, name) == names.end())
      fail_input("{}: unknown setting '{}', expected one of {}{}", network, name, fmt::join(names, ", "),
                 suggestion(name, names));
  check_common(network, settings);
  return settings;
}

/// Of a choice, all: "nearest|transposed|bilinear", the default first.
template <class T>
std::string print_default(const T& value) {
  return print_setting(value);
}
template <NamedEnum E>
std::string print_default(const E& value) {
  std::string text = print_setting(value);
  for (std::string_view name : enum_names(value))
    if (name != print_setting(value)) text += fmt::format("|{}", name);
  return text;
}
template <NamedEnum E>
std::string print_default(const std::optional<E>& value) {
  return value ? print_default(*value) + "|none" : fmt::format("none|{}", fmt::join(enum_names(E{}), "|"));
}

/// "width=16 depth=4 up=transposed|nearest": every field with its default, and of a choice the others too.
template <class Settings>
std::string print_defaults() {
  std::string line;
  const Settings settings{};
  Settings::visit(settings, [&](std::string_view name, const auto& field) {
    line += fmt::format("{}{}={}", line.empty() ? "" : " ", name, print_default(field));
  });
  return line;
}

}  // namespace inlay
