#include <charconv>
#include <cmath>
#include <concepts>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "inlay/train_config.h"

namespace inlay {
namespace {

constexpr std::string_view kByteUnits = "KMGT";

template <class T>
T parse_number(std::string_view text, const char* kind) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) fail_input("'{}' is no {}", text, kind);
  return value;
}

void parse(std::string_view text, std::int64_t& value) { value = parse_number<std::int64_t>(text, "whole number"); }
void parse(std::string_view text, std::uint64_t& value) {
  value = parse_number<std::uint64_t>(text, "whole number of 0 or more");
}
void parse(std::string_view text, double& value) {
  value = parse_number<double>(text, "number");
  if (!std::isfinite(value)) fail_input("'{}' is no finite number", text);
}
void parse(std::string_view text, bool& value) {
  if (text != "true" && text != "false") fail_input("'{}' is neither true nor false", text);
  value = text == "true";
}
void parse(std::string_view text, std::string& value) { value = text; }
void parse(std::string_view text, ImageSize& value) { value = parse_image_size(text); }
void parse(std::string_view text, ByteCount& value) { value = parse_byte_count(text); }
void parse(std::string_view text, TimeSpan& value) { value = parse_time_span(text); }
template <class T>
void parse(std::string_view text, std::optional<T>& value) {
  value.reset();
  if (text != "auto") parse(text, value.emplace());
}

std::string print(const std::string& value) { return value; }
std::string print(const ImageSize& value) { return fmt::format("{}x{}", value.height, value.width); }
std::string print(const ByteCount& value) {
  std::int64_t number = value.bytes;
  std::size_t unit = 0;
  while (number > 0 && number % 1024 == 0 && unit < kByteUnits.size()) {
    number /= 1024;
    ++unit;
  }
  return fmt::format("{}{}", number, unit == 0 ? std::string_view() : kByteUnits.substr(unit - 1, 1));
}
std::string print(const TimeSpan& value) { return to_string(value); }
template <class T>
requires std::integral<T> || std::floating_point<T> std::string print(T value) { return fmt::format("{}", value); }
template <class T>
std::string print(const std::optional<T>& value) {
  return value ? print(*value) : "auto";
}

const char* kind_of(const std::string&) { return "NAME"; }
const char* kind_of(const ImageSize&) { return "HxW"; }
const char* kind_of(const ByteCount&) { return "SIZE"; }
const char* kind_of(const TimeSpan&) { return "TIME"; }
const char* kind_of(bool) { return "true|false"; }
const char* kind_of(double) { return "X"; }
template <std::integral T>
const char* kind_of(T) {
  return "N";
}
template <class T>
const char* kind_of(const std::optional<T>&) {
  return kind_of(T{});
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 32)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string toml_value(const std::string& value) { return quote(value); }
std::string toml_value(const ImageSize& value) { return quote(print(value)); }
std::string toml_value(const ByteCount& value) { return quote(print(value)); }
std::string toml_value(const TimeSpan& value) { return quote(print(value)); }
template <class T>
requires std::integral<T> || std::floating_point<T> std::string toml_value(T value) { return print(value); }
/// TOML's whole numbers have 63 bits.
std::string toml_value(std::uint64_t value) { return value > INT64_MAX ? quote(print(value)) : print(value); }

template <class T>
std::string toml_line(std::string_view name, const T& value) {
  return fmt::format("{} = {}\n", name, toml_value(value));
}
template <class T>
std::string toml_line(std::string_view name, const std::optional<T>& value) {
  return value ? toml_line(name, *value) : "";
}

std::string toml_settings(const std::map<std::string, std::string>& settings) {
  std::string text;
  for (const auto& [name, value] : settings) text += fmt::format("{} = {}\n", quote(name), quote(value));
  return text;
}

}  // namespace

ByteCount parse_byte_count(std::string_view text) {
  std::int64_t number = 0, factor = 1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::size_t unit = rest.size() == 1 ? kByteUnits.find(rest[0]) : std::string_view::npos;
  if (unit != std::string_view::npos) factor = std::int64_t{1} << (10 * (unit + 1));
  if (error != std::errc() || number < 0 || (!rest.empty() && factor == 1) || number > INT64_MAX / factor)
    fail_input("'{}' is no amount of memory; expected bytes, or as 500M or 4G", text);
  return {number * factor};
}

ImageSize parse_image_size(std::string_view text) {
  constexpr std::int64_t kLargest = 65536;
  const auto side = [&](std::string_view part) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size() || value < 1 || value > kLargest)
      fail_input("'{}' is no size; expected HEIGHTxWIDTH in pixels, 1 to {}, as 128x96", text, kLargest);
    return value;
  };
  const std::size_t cross = text.find('x');
  if (cross == std::string_view::npos) return {side(text), side(text)};
  return {side(text.substr(0, cross)), side(text.substr(cross + 1))};
}

void set_option(TrainConfig& config, std::string_view name, std::string_view text) {
  std::vector<std::string_view> names;
  bool found = false;
  const auto field = [&](const char*, std::string_view field_name, auto& value, const char*) {
    names.push_back(field_name);
    if (field_name != name) return;
    found = true;
    try {
      parse(text, value);
    } catch (const InputError& error) {
      fail_input("{}: {}", name, error.what());
    }
  };
  TrainConfig::visit(config, field);
  field("", "data", config.data, "");
  field("", "output", config.output, "");
  if (!found) fail_input("there is no option '{}'{}", name, suggestion(name, names));
}

std::string to_toml(const TrainConfig& config, const std::map<std::string, std::string>& why) {
  std::string text = "# Settings of a run: inlay train --config THIS_FILE repeats it in another folder (-o).\n";
  std::string group;
  text += toml_line("data", config.data);
  TrainConfig::visit(config, [&](std::string_view field_group, std::string_view name, const auto& value, const char*) {
    if (name == "augment" && !config.augment_set.empty()) return;
    if (field_group != group) text += fmt::format("\n# {}\n", field_group);
    group = field_group;
    std::string line = toml_line(name, value);
    const auto reason = why.find(std::string(name));
    if (reason != why.end() && !line.empty()) line.insert(line.size() - 1, "  # " + reason->second);
    text += line;
  });
  if (!config.augment_set.empty())
    text += "\n[augment]\n" + toml_line("policy", config.augment) + toml_settings(config.augment_set);
  return text + "\n[set]\n" + toml_settings(config.set);
}

std::vector<ConfigOption> list_options(const TrainConfig& config) {
  std::vector<ConfigOption> list;
  TrainConfig::visit(config, [&](const char* group, const char* name, const auto& value, const char* help) {
    list.push_back({group, name, kind_of(value), help, print(value)});
  });
  return list;
}

void add_setting(std::map<std::string, std::string>& settings, std::string_view text, std::string_view option) {
  const std::size_t sign = text.find('=');
  if (sign == std::string_view::npos || sign == 0)
    fail_input("{0} {1}: expected key=value, as {0} width=32", option, text);
  settings[std::string(text.substr(0, sign))] = text.substr(sign + 1);
}

}  // namespace inlay
