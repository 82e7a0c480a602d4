#include "inlay/attributes.h"

#include <algorithm>
#include <charconv>

#include "base/fail.h"

namespace inlay {
namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

std::string number(double value) {
  std::string text = fmt::format("{}", value);
  return text.find_first_of(".enfi") == std::string::npos ? text + ".0" : text;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Splits at the commas outside of brackets.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '[') ++depth;
    if (text[i] == ']') --depth;
    if (text[i] == ',' && depth == 0) {
      parts.push_back(trim(text.substr(start, i - start)));
      start = i + 1;
    }
  }
  if (!trim(text).empty()) parts.push_back(trim(text.substr(start)));
  return parts;
}

template <class T>
bool parse_whole(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

Attribute parse_list(std::string_view inner) {
  std::vector<std::int64_t> whole;
  std::vector<double> real;
  for (std::string_view part : split_list(inner)) {
    std::int64_t i = 0;
    double d = 0;
    if (parse_whole(part, i)) whole.push_back(i);
    if (!parse_whole(part, d)) fail_input("'{}' is no number in the list [{}]", part, inner);
    real.push_back(d);
  }
  if (whole.size() == real.size()) return whole;
  return real;
}

}  // namespace

void Attributes::set(std::string_view name, Attribute value) {
  for (auto& [key, old] : entries_) {
    if (key == name) {
      old = std::move(value);
      return;
    }
  }
  entries_.emplace_back(name, std::move(value));
}

const Attribute* Attributes::find(std::string_view name) const {
  const auto at = std::ranges::find(entries_, name, [](const auto& entry) { return std::string_view(entry.first); });
  return at == entries_.end() ? nullptr : &at->second;
}

std::string to_string(const Attribute& value) {
  return std::visit(Overload{
                        [](bool v) { return std::string(v ? "true" : "false"); },
                        [](std::int64_t v) { return fmt::format("{}", v); },
                        [](double v) { return number(v); },
                        [](const std::string& v) { return v; },
                        [](const std::vector<std::int64_t>& v) { return fmt::format("[{}]", fmt::join(v, ", ")); },
                        [](const std::vector<double>& v) {
                          std::vector<std::string> parts;
                          std::ranges::transform(v, std::back_inserter(parts), number);
                          return fmt::format("[{}]", fmt::join(parts, ", "));
                        },
                    },
                    value);
}

std::string to_string(const Attributes& attributes) {
  if (attributes.empty()) return {};
  std::vector<std::string> parts;
  for (const auto& [name, value] : attributes) parts.push_back(name + "=" + to_string(value));
  return fmt::format("{{{}}}", fmt::join(parts, ", "));
}

Attribute parse_attribute(std::string_view text) {
  text = trim(text);
  if (text == "true" || text == "false") return text == "true";
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') return parse_list(text.substr(1, text.size() - 2));
  std::int64_t i = 0;
  if (parse_whole(text, i)) return i;
  double d = 0;
  if (parse_whole(text, d)) return d;
  return std::string(text);
}

Attributes parse_attributes(std::string_view text) {
  Attributes attributes;
  text = trim(text);
  if (text.empty()) return attributes;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}')
    fail_input("expected {{name=value, ...}}, got '{}'", text);
  for (std::string_view part : split_list(text.substr(1, text.size() - 2))) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos) fail_input("expected name=value, got '{}'", part);
    attributes.set(trim(part.substr(0, equals)), parse_attribute(part.substr(equals + 1)));
  }
  return attributes;
}

}  // namespace inlay
