#include "models/weights/weight_map.h"

#include <algorithm>

#include "base/fail.h"
#include "base/nearest_name.h"
#include "base/utf8.h"
#include "models/settings.h"

namespace inlay {
namespace {

constexpr std::string_view kBlank = " \t\r";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Without the comment: a # at the start or after a blank, since names may hold one.
std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || kBlank.find(line[i - 1]) != std::string_view::npos)) return line.substr(0, i);
  return line;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (text = trim(text); !text.empty(); text = trim(text)) {
    const std::size_t end = std::min(text.find_first_of(kBlank), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

[[noreturn]] void fail_line(std::string_view line) {
  fail_input(
      "'{}' is no rule; expected 'THEIRS -> OURS', 'drop THEIRS', 'fresh OURS', 'set KEY = VALUE' or one of model, "
      "channels, classes, mean, stddev and channel_order with '= VALUE'",
      line);
}

/// THEIRS -> OURS or OURS | TRANSFORM | TRANSFORM
WeightRule parse_assign(std::string_view line, std::span<const std::string_view> words) {
  WeightRule rule{WeightRule::Kind::assign, NamePattern(words[0]), {}, {}};
  std::size_t i = 1;
  for (; i + 1 < words.size() && words[i] == (i == 1 ? "->" : "or"); i += 2) {
    rule.targets.emplace_back(words[i + 1]);
    rule.targets.back().expect_fillable_from(rule.pattern);
  }
  for (; i + 1 < words.size() && words[i] == "|"; i += 2)
    parse_setting("the transform", words[i + 1], rule.transforms.emplace_back());
  if (i != words.size()) fail_line(line);
  return rule;
}

void set_value(std::string_view line, std::string_view key, std::string_view value, WeightMap& map) {
  constexpr std::array<std::string_view, 6> kKeys{"model", "channels", "classes", "mean", "stddev", "channel_order"};
  if (value.empty()) fail_line(line);
  if (key == "model") return void(map.model = value);
  if (key == "channels") return parse_setting(key, value, map.channels.emplace());
  if (key == "classes") return parse_setting(key, value, map.classes.emplace());
  if (key == "mean") return parse_setting(key, value, map.mean);
  if (key == "stddev") return parse_setting(key, value, map.stddev);
  if (key == "channel_order") return parse_setting(key, value, map.channel_order.emplace());
  fail_input("'{}' cannot be set, expected one of {}{}", key, fmt::join(kKeys, ", "), suggestion(key, kKeys));
}

void parse_line(std::string_view line, WeightMap& map) {
  const std::vector<std::string_view> words = words_of(line);
  if (words.empty()) return;
  if (words.size() >= 3 && words[1] == "->") return void(map.rules.push_back(parse_assign(line, words)));
  if (words.size() == 2 && words[0] == "drop")
    return void(map.rules.push_back({WeightRule::Kind::drop, NamePattern(words[1]), {}, {}}));
  if (words.size() == 2 && words[0] == "fresh")
    return void(map.rules.push_back({WeightRule::Kind::fresh, NamePattern(words[1]), {}, {}}));
  const std::size_t sign = line.find('=');
  if (sign == std::string_view::npos) fail_line(line);
  const std::vector<std::string_view> left = words_of(line.substr(0, sign));
  const std::string_view value = trim(line.substr(sign + 1));
  if (left.size() == 1 && left[0] != "set") return set_value(line, left[0], value, map);
  if (left.size() != 2 || left[0] != "set" || value.empty()) fail_line(line);
  map.settings[std::string(left[1])] = value;
}

}  // namespace

WeightMap parse_weight_map(std::string_view text, std::string_view file) {
  WeightMap map;
  if (!is_utf8(text)) fail_input("'{}' is no text in UTF-8, as a weight map should be", file);
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(without_comment(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
    try {
      parse_line(line, map);
    } catch (const InputError& error) {
      fail_input("'{}', line {}: {}", file, number, error.what());
    }
  }
  return map;
}

WeightMap joined(WeightMap first, const WeightMap& second) {
  first.rules.insert(first.rules.end(), second.rules.begin(), second.rules.end());
  first.settings.insert(second.settings.begin(), second.settings.end());
  if (first.model.empty()) first.model = second.model;
  if (!first.channels) first.channels = second.channels;
  if (!first.classes) first.classes = second.classes;
  if (first.mean.empty()) first.mean = second.mean;
  if (first.stddev.empty()) first.stddev = second.stddev;
  if (!first.channel_order) first.channel_order = second.channel_order;
  return first;
}

}  // namespace inlay
