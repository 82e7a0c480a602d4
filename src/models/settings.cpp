#include "models/settings.h"

#include <charconv>
#include <cmath>

namespace inlay {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

template <class T>
bool parse_whole(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// "0.1" or "0.1, 0.2" or "[0.1, 0.2]".
template <class T>
bool parse_list(std::string_view text, std::vector<T>& values) {
  std::string_view rest = trim(text);
  if (rest.size() >= 2 && rest.front() == '[' && rest.back() == ']') rest = rest.substr(1, rest.size() - 2);
  values.clear();
  for (bool more = true; more;) {
    const auto comma = rest.find(',');
    more = comma != std::string_view::npos;
    if (!parse_whole(trim(rest.substr(0, comma)), values.emplace_back())) return false;
    if (more) rest.remove_prefix(comma + 1);
  }
  return true;
}

}  // namespace

void parse_setting(std::string_view where, std::string_view text, std::int64_t& value) {
  if (!parse_whole(trim(text), value)) fail_input("{} is '{}', expected a whole number", where, text);
}

void parse_setting(std::string_view where, std::string_view text, double& value) {
  if (!parse_whole(trim(text), value) || !std::isfinite(value))
    fail_input("{} is '{}', expected a number", where, text);
}

void parse_setting(std::string_view where, std::string_view text, bool& value) {
  for (std::string_view yes : {"on", "true", "yes", "1"})
    if (text == yes) return void(value = true);
  for (std::string_view no : {"off", "false", "no", "0"})
    if (text == no) return void(value = false);
  fail_input("{} is '{}', expected on or off", where, text);
}

void parse_setting(std::string_view where, std::string_view text, std::vector<double>& value) {
  if (!parse_list(text, value) || !std::ranges::all_of(value, [](double number) { return std::isfinite(number); }))
    fail_input("{} is '{}', expected a number or a list of numbers such as 0.1,0.2", where, text);
}

void parse_setting(std::string_view where, std::string_view text, std::vector<std::int64_t>& value) {
  if (!parse_list(text, value))
    fail_input("{} is '{}', expected a whole number or a list of whole numbers such as 1,2", where, text);
}

std::int64_t scaled(std::int64_t channels, double width) {
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(channels) * width));
}

void check_width(std::string_view network, double width) {
  if (!(width > 0 && width <= 8)) fail_input("{}: width is {}, expected a number above 0 and up to 8", network, width);
}

void check_width(std::string_view network, std::int64_t width) {
  if (width < 1 || width > 1024) fail_input("{}: width is {}, expected 1 to 1024", network, width);
}

void check_dropout(std::string_view network, double dropout) {
  if (!(dropout >= 0 && dropout < 1)) fail_input("{}: dropout is {}, expected 0 <= dropout < 1", network, dropout);
}

std::string print_setting(double value) { return fmt::format("{}", value); }
std::string print_setting(const std::vector<double>& value) { return fmt::format("{}", fmt::join(value, ",")); }
std::string print_setting(const std::vector<std::int64_t>& value) { return fmt::format("{}", fmt::join(value, ",")); }

}  // namespace inlay
